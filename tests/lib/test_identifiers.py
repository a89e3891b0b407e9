import pytest

from miaoli_kaohsiung.lib import identifiers

EIGHT = "統一編號為8位數字，請檢查是否少打或多打。"
TAX_CHECK = "統一編號的檢查碼不符，請對照扣繳單位編配通知書或立案資料再填一次。"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("04595257", "04595257"),
        ("04595252", "04595252"),
        ("12345675", "12345675"),
        ("00501503", "00501503"),
        ("10458574", "10458574"),
        ("10458575", "10458575"),
        ("10458570", "10458570"),
        ("０４５９５２５７", "04595257"),
        (" 0459 5257 ", "04595257"),
    ],
)
def test_tax_ids_that_hold(typed, kept):
    assert identifiers.check_tax_id(typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("16081001", TAX_CHECK),
        ("1234567", EIGHT),
        ("123456789", EIGHT),
        ("1234567A", EIGHT),
        ("", EIGHT),
        ("٠٤٥٩٥٢٥٧", EIGHT),
    ],
)
def test_tax_ids_that_do_not_hold(typed, sentence):
    with pytest.raises(ValueError) as refused:
        identifiers.check_tax_id(typed)
    assert str(refused.value) == sentence


def test_tax_ids_given_since_2023_are_told_apart():
    numbers = ["04595257", "12345675", "10458574", "10458575", "04595252", "10458570"]
    assert [identifiers.is_new_range_tax_id(number) for number in numbers] == [False] * 4 + [True] * 2


@pytest.mark.parametrize(
    ("typed", "digits", "extension", "shown"),
    [
        ("037-322150", "037322150", "", "037-322150"),
        ("(037)322150", "037322150", "", "037-322150"),
        ("０３７－３２２１５０", "037322150", "", "037-322150"),
        ("07-7477611#123", "077477611", "123", "07-7477611#123"),
        ("07-7477611 轉 123", "077477611", "123", "07-7477611#123"),
        ("07 747 7611 ext. 9", "077477611", "9", "07-7477611#9"),
        ("04-25892101", "0425892101", "", "04-25892101"),
        ("02-2345-6789", "0223456789", "", "02-23456789"),
        ("0912-345-678", "0912345678", "", "0912-345-678"),
        ("+886 912 345 678", "0912345678", "", "0912-345-678"),
        ("+886-7-7477611", "077477611", "", "07-7477611"),
        ("+886 (0)37 322150", "037322150", "", "037-322150"),
        ("886-7-7477611", "077477611", "", "07-7477611"),
        ("00886 912 345 678", "0912345678", "", "0912-345-678"),
        ("0800-000-123", "0800000123", "", "0800-000123"),
        ("07-7477611 轉分機：12", "077477611", "12", "07-7477611#12"),
    ],
)
def test_telephones_as_people_type_them(typed, digits, extension, shown):
    phone = identifiers.parse_phone(typed)
    assert (phone.digits, phone.extension, str(phone)) == (digits, extension, shown)


NO_PHONE = "電話請填數字，例如 037-322150、07-7477611#123 或 0912-345-678。"
NO_AREA = "市內電話請連區域號碼一起填，例如 037-322150、07-7477611。"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", NO_PHONE),
        ("電話", NO_PHONE),
        ("07-7477611#", NO_PHONE),
        ("7477611", NO_AREA),
        ("07-74776", NO_AREA),
        ("037-3221500", NO_AREA),
        ("0912-345-67", "手機號碼為10位數字，例如 0912-345-678。"),
    ],
)
def test_what_is_no_telephone_is_refused_in_words(typed, sentence):
    with pytest.raises(ValueError) as refused:
        identifiers.parse_phone(typed)
    assert str(refused.value) == sentence


def test_bank_accounts_keep_their_leading_zeros():
    assert identifiers.check_bank_code("004-0037") == "0040037"
    assert identifiers.check_bank_account("0012-345-678901", "0040037") == "0012345678901"
    assert identifiers.check_bank_account("0123456-7654321", "7000021") == "01234567654321"


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (
            lambda: identifiers.check_bank_code("004"),
            "金融機構代號為7位數字（總行3位加分行4位），請對照存摺封面。",
        ),
        (
            lambda: identifiers.check_bank_account("123456789", "0040037"),
            "銀行帳號為10到16位數字，前面的0也要填，請對照存摺封面。",
        ),
        (
            lambda: identifiers.check_bank_account("12345678901234567", "0040037"),
            "銀行帳號為10到16位數字，前面的0也要填，請對照存摺封面。",
        ),
        (
            lambda: identifiers.check_bank_account("0123456789012", "7000021"),
            "郵局帳號請填局號7位加帳號7位，共14位數字。",
        ),
    ],
)
def test_bank_numbers_of_another_length_are_refused(check, sentence):
    with pytest.raises(ValueError) as refused:
        check()
    assert str(refused.value) == sentence
