"""The items of chapter 肆 as rows, in the order of the regulation. Read through `catalogue`."""

GROUPS = (
    ("pay", "一、鐘點及酬勞費"),
    ("operations", "二、業務費"),
    ("travel", "三、旅運費"),
    ("materials", "四、材料費"),
    ("equipment", "五、辦公及設備費"),
    ("admin", "六、行政管理費"),
)

# key, label, unit, type, help, choices
QUANTITIES = (
    ("sessions", "次數", "次", "int", "出席輔導幾次"),
    ("hours", "時數", "小時", "number", "可填半小時，例如 1.5"),
    ("in_house", "內聘或外聘", "", "bool", "內聘：理監事、員工等自己人；外聘：協會以外的人", ((True, "內聘"), (False, "外聘"))),
    ("persons", "人數", "人", "int", ""),
    ("hours_per_day", "每日時數", "小時", "number", "每人每天幾小時"),
    ("days", "日數", "日", "number", "每人各幾天"),
    ("days_per_week", "每週日數", "日", "number", "一週照顧幾天"),
    ("children", "照顧的孩子", "人", "children", "這位照顧者照顧的每一個孩子，自己的子女或孫子女也要填"),
    ("characters", "字數", "字", "int", "稿件總字數"),
    ("seconds", "影片長度", "秒", "int", "剪輯完成後的片長；1 分鐘是 60 秒"),
    ("months", "月數", "月", "number", ""),
    ("trips", "接送人次", "次", "int", "每人每天接送一趟算一次"),
    ("quantity", "數量", "", "number", ""),
    ("riders", "搭乘人數", "人", "int", "填了才能檢查每人每天是否只算一次"),
    ("insurance_kind", "保險種類", "", "choice", "", (
        ("volunteer", "志工平安保險"), ("activity", "活動平安保險"), ("venue", "場地公共意外責任險"), ("other", "其他"))),
    ("resident_author", "作者是社區居民", "", "bool", ""),
    ("plain_member", "講師是本會一般會員", "", "bool", "不是理監事或員工的會員"),
    ("supplier", "廠商", "", "text", ""),
    ("used_on", "使用日期", "", "date", ""),
)  # fmt: skip

# code, name, group, clause, help, quantities needed, details, pay of a person, name and month asked
ITEM_ROWS = (
    ("expert_fee", "專家出席費", "pay", "K4.1.1", "請專家學者來輔導的出席費，以次計算。", "sessions", "", True, True),
    ("lecturer_fee", "講師鐘點費", "pay", "K4.1.2", "課程講師的鐘點費；內聘講師減半。", "hours in_house", "plain_member", True, True),
    ("disability_aide", "輔導人員費（身心障礙日間照顧）", "pay", "K4.1.3.1", "日間照顧的輔導人員，每服務 10 位設 1 位。", "persons hours_per_day days", "", True, True),
    ("elder_aide", "輔導人員費（生活輔導員）", "pay", "K4.1.3.2", "照顧關懷據點的生活輔導員，每 10 位長者設 1 位。", "persons hours_per_day days", "", True, True),
    ("child_carer", "輔導人員費（幼兒日間托育）", "pay", "K4.1.3.3", "一列填一位照顧者。", "children hours_per_day days_per_week days", "", True, True),
    ("after_school_tutor", "輔導人員費（課後照顧）", "pay", "K4.1.3.4", "學童課後照顧的老師。", "hours", "", True, True),
    ("casual_pay", "臨時酬勞費", "pay", "K4.1.4", "社區調查、關懷訪視和活動的臨時人力。", "hours", "", True, True),
    ("hired_labour", "僱工購料工資", "pay", "K4.1.5", "水電、泥作等專業技術工，以工作天計算。", "days", "", True, True),
    ("script_fee", "撰稿費", "pay", "K4.1.6", "以社區居民投稿為主，依字數計算。", "characters", "resident_author", True, True),
    ("film", "攝影剪輯費", "pay", "K4.1.7", "影像紀錄的拍攝及剪輯，依完成片長計算。", "seconds", "", False, False),
    ("insurance", "保險費", "operations", "K4.2.1", "志工、活動平安保險或場地公共意外責任險。", "insurance_kind", "quantity", False, False),
    ("printing", "印刷費", "operations", "K4.2.2–5", "影印、講義、海報、文宣品。", "", "quantity", False, False),
    ("layout_editing", "排版及編輯費", "operations", "K4.2.2–5", "社區刊物及出版品的排版和編輯。", "", "quantity", False, False),
    ("decoration", "佈置費", "operations", "K4.2.2–5", "紅布條、海報、盆花。", "", "quantity", False, False),
    ("equipment_hire", "器材租借費", "operations", "K4.2.2–5", "器材和吊車、挖土機等大型機具。", "", "quantity supplier used_on", False, False),
    ("meals", "膳雜費", "operations", "K4.2.6", "誤餐便當、食材、茶水點心；自己煮的可以用印領清冊核銷。", "", "quantity", False, False),
    ("stationery", "文具紙張", "operations", "K4.2.7–9", "文具、紙張、電池等。", "", "quantity", False, False),
    ("computer_supplies", "電腦相關耗材", "operations", "K4.2.7–9", "墨水、碳粉、光碟片等。", "", "quantity", False, False),
    ("repairs", "維修費", "operations", "K4.2.7–9", "設施設備和空間的修繕維修。", "", "quantity", False, False),
    ("equipment_rental", "器材租金", "operations", "K4.2.10", "器材及設施設備的租金；同一筆不可再列器材租借費。", "", "quantity supplier used_on", False, False),
    ("periodicals", "書報雜誌購置費", "operations", "K4.2.11–12", "訂閱及購買書報雜誌。", "", "quantity", False, False),
    ("gas", "瓦斯燃料費", "operations", "K4.2.11–12", "煮餐用的瓦斯。", "", "quantity", False, False),
    ("miscellaneous", "雜支", "operations", "K4.2.13", "前面沒有列到的支出，請寫明用途。", "", "quantity", False, False),
    ("haulage", "搬運費", "travel", "K4.3.1–2", "運送器材、清運廢棄物、運送材料。", "", "quantity", False, False),
    ("coach_hire", "僱車費", "travel", "K4.3.1–2", "活動用遊覽車。", "", "quantity", False, False),
    ("travel", "車馬費", "travel", "K4.3.3", "講師和人員交通費；高鐵、飛機要留票根。", "", "quantity", False, False),
    ("participant_transport", "交通費（接送長輩及學員）", "travel", "K4.3.4", "接送參加活動的長輩和學員。", "trips", "riders days", False, False),
    ("course_materials", "課程教材及材料費", "materials", "K4.4.1", "課程和實作用的教材、書籍、材料。", "", "quantity", False, False),
    ("site_materials", "空間營造材料費", "materials", "K4.4.2", "植栽、木材、石材、油漆、五金等。", "", "quantity", False, False),
    ("equipment", "辦公及設備費", "equipment", "K4.5.1", "電腦、桌椅、投影機、餐食設備等；縣府會逐項評估。", "", "quantity", False, False),
    ("admin_overhead", "行政管理費", "admin", "K4.6.3a", "電話、水電、郵電、網路等，收據抬頭要是申請單位。", "", "", False, False),
    ("landlord_rent", "租屋房租", "pay", "K3.I.4.7", "付給房東的房租，含水電和三餐。", "persons months", "", False, False),
    ("rental_supervision", "租屋督導費", "pay", "K3.I.4.8", "申請單位的督導費，依住進來的人數計算。", "persons months", "", False, False),
)  # fmt: skip

# Pay that is capped by person and month (肆、一、3(5) and 4): who and when is asked first.
MONTHLY = ("disability_aide", "elder_aide", "child_carer", "after_school_tutor", "casual_pay")
# Pay by an hourly rate that may be below the statutory wage: whether the person is employed matters.
HOURLY_RATE = ("disability_aide", "elder_aide", "casual_pay")
# A share of the other items, which may follow them.
SHARES = ("hired_labour", "admin_overhead")

# How an item is usually counted, where its clause does not say.
UNITS = (
    ("insurance", "人"), ("printing", "份"), ("layout_editing", "式"), ("decoration", "式"), ("equipment_hire", "次"), ("meals", "份"),
    ("stationery", "批"), ("computer_supplies", "批"), ("repairs", "式"), ("equipment_rental", "月"), ("periodicals", "月"), ("gas", "桶"),
    ("miscellaneous", "式"), ("haulage", "趟"), ("coach_hire", "車"), ("travel", "趟"), ("course_materials", "份"), ("site_materials", "批"),
    ("equipment", "臺"),
)  # fmt: skip
