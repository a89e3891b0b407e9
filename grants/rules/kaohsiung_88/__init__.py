"""高雄縣88災後社區及生活重建協力方案補助辦法: its text, its numbers, its chapters as rules."""
