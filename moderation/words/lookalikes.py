"""Signs that are read as other signs: letters of other alphabets, digits and marks in the place of letters, Chinese
signs taken apart. Pure tables; `folding` reads them.
"""

# Pairs of rows: what is written, and the Latin letter that is read. Cyrillic, Greek, Armenian, small capitals, IPA.
_ROWS = (
    ("асеһіјорԛѕԝхуѵгпкмтвьзбн", "acehijopqswxyvrnkmtbbz6h"),
    ("αβγδεζηικνορτυχωμϲκσςλ", "abydezniknoptuxwuckooa"),
    ("աոսօհցքգԁɡɑıƒøđłðþħŧŋꜱʟʀɴɪʜɢʙᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜰʏ", "wnuohgpqdgaifodldphtnslrnihgbacdejkmoptuvwzfy"),
)
LETTERS = {sign: letter for signs, letters in _ROWS for sign, letter in zip(signs, letters, strict=True)}
# Cherokee, as its capitals and as what they are in lower case; Coptic; a Cyrillic f.
LETTERS |= {each.lower(): letter for each, letter in zip("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃᎩ", "abcdeghijklmprstvwzy", strict=True)}
LETTERS |= dict(zip("ⲁⲃⲥⲉⲏⲓⲕⲙⲛⲟⲣⲧⲩⲭғϝ", "abcehikmnoptyxff", strict=True))
LETTERS |= {"ß": "ss", "æ": "ae", "œ": "oe", "ꞵ": "b", "ӏ": "l", "ӕ": "ae", "ᖴ": "f", "ᑌ": "u", "ᑕ": "c", "ꮶ": "k"}
# Lisu; a Cyrillic ц in the place of a u; a tone six in the place of a b.
LETTERS |= dict(zip("ꓐꓑꓒꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴцƅ", "bpddtgkjczfmnlsrvhwxyaeiouub", strict=True))
# Flags are spelled with these; boxed and circled letters have no compatibility form of their own.
for _start in (0x1F1E6, 0x1F150, 0x1F170):
    LETTERS |= {chr(_start + at): chr(97 + at) for at in range(26)}

# Digits stand for letters anywhere in a word; marks only before another letter: "sh!t" and not "shi!".
DIGITS = {"0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g"}
MARKS = {"@": "a", "$": "s", "!": "i", "¡": "i", "|": "i", "€": "e", "£": "l", "¢": "c", "¥": "y", "+": "t", "§": "s"}
MARKS |= {"®": "r", "©": "c"}
# These end a word as well: "shi+" and "hit$". Those stand between letters when they do so twice: "s+h+i+t".
LAST_MARKS, BARS = frozenset("+$"), frozenset("+|")
# Letters drawn with several marks; each stands beside a letter: "fuc|<". A round one stands between two.
DRAWN = {"|-|": "h", "|<": "k", "|{": "k", "()": "o", "|\\|": "n", "/\\": "a", "\\/": "u"}
# Two letters that look like one where a word begins: no word begins with them.
BEGINNINGS = {"vv": "w", "rn": "m"}

# Letters that hands and eyes take for one another become one; lists are folded in the same way.
ALIKE = {"l": "i", "j": "i", "v": "u"}

# Chinese signs in two halves, and signs that look like others. What is read stands right.
APART = {
    "弓虽": "强", "女干": "奸", "贝者": "赌", "言午": "许", "车仑": "轮", "讠成": "诚", "氵去": "法", "木仓": "枪",
    "火包": "炮", "扌丁": "打", "亻弋": "代", "亻故": "做", "石肖": "硝", "氵肖": "消", "贝反": "贩", "票女": "嫖",
    "女票": "嫖", "木又": "权", "彳艮": "很", "彳散": "微", "亻言": "信", "禾只": "积", "米分": "粉", "又鸟": "鸡",
    "口巴": "吧", "讠乍": "诈", "亻段": "假", "讠正": "证", "尸刂": "刷",
    "亻叚": "假", "氵每": "海", "冫水": "冰", "钅戋": "钱", "金戋": "钱",
}  # fmt: skip
ALIKE_SIGNS = {
    "徽": "微",
    "薇": "微",
    "溦": "微",
    "亻": "人",
    "囍": "喜",
    "閪": "西",
    "戝": "贼",
    "㓜": "幼",
    "囡": "女",
    "儍": "傻",
    "単": "单",
}
