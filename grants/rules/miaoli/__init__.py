"""苗栗縣政府社區發展工作計畫: its text, its numbers, its own conditions as rules."""
