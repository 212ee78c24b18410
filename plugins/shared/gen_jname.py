#!/usr/bin/env python3
"""gen_jname.py NAMES_FOLDER > jname_table.h

Names as compact tables for the detectors. Facts from two MIT-licensed collections (README of
detect-pattern): surnames with readings and readings of given names of japanese-personal-name-dataset,
and counts of kanji by place in a name of namedivider-python."""
import csv
import sys

# Also the name of a place, or an ordinary word: as a surname only with an honorific, a title, a label or
# a given name beside it. (Surnames of one character are always treated so.)
WORDS = set('''山口 千葉 福島 宮崎 石川 福井 長野 岡山 香川 徳島 富山 秋田 福岡 熊本 大分 長崎 滋賀 奈良 佐賀 宮城 青森 川崎 高松
松山 松江 金沢 広島 鹿島 平野 上野 中野 大野 高山 小松 本庄 成田 松本 岡崎 豊田 豊橋 一宮 新宮 大垣 大川 小川 西川 大山 中山 白山 赤坂
青山 目黒 品川 渋谷 板橋 葛西 柏 野田 八木 茨木 池田 福山 大和 吉野 伊勢 伊賀 亀山 鈴鹿 熊野 鳥羽 志摩 本間 相場 大場 本橋 道下 大村 市村 石橋
大橋 川口 河口 出口 水口 大家 田畑 中間 大木 植木 並木 古川 小坂 神田 丸山 和泉 日野 荒川 対馬 壱岐 東山 西山 北山 黒川 日高 土佐 加賀
越後 能登 丹波 近江 武蔵 相模 三河 甲斐 有田 宇治 大津 草津 住吉 田川 国立 府中 調布 町田 立川 三鷹 浦和 大宮 川越 所沢 春日 筑紫 早良 糸島 宗像
飯塚 直方 大島 中島 小島 前島 中川 長谷 清水 温泉 泉水 本城 新城 古城 中道 小路 大路 横道 坂下 坂上 山下 山中 山上 川上 川下 川端 浜田 浜口 海野 野口
入江 港 岸 上原 中原 小原 大原 下田 上田 中田 本田 半田 新田 山田 土田 田中 東 西 南 北 前田 後藤 今村 上村 中村 下村 西村 北村 南 村山 村上 東村
西野 北野 南野 東野 本郷 新庄 中条 上条 三条 四条 五条 九条 一条 二条 本宮 若宮 宮本 神原 鳥居 石井 井戸 坂本 坂井 酒井 栃木 茨城 岐阜 関 郡山 会津 米沢
最上 庄内 酒田 鶴岡 仙台 盛岡 花巻 北上 一関 気仙 石巻 塩釜 白石 角田 名取 水戸 日立 土浦 結城 下妻 常陸 笠間 取手 牛久 鹿沼 日光 小山 真岡 前橋 桐生
館林 渋川 藤岡 富岡 安中 熊谷 行田 秩父 飯能 加須 東松山 狭山 羽生 深谷 上尾 草加 越谷 蕨 戸田 入間 朝霞 志木 和光 新座 桶川 久喜 北本 八潮 三郷 蓮田 坂戸
幸手 日高 吉川 白岡 鎌倉 藤沢 小田原 茅ヶ崎 逗子 三浦 秦野 厚木 大和 伊勢原 海老名 座間 綾瀬 長岡 柏崎 新発田 小千谷 加茂 見附 燕 糸魚川 妙高 上越 佐渡 魚沼
保護 支援 相談 安心 安全 平和 健康 一二三 正木 元木 池上 門前 家城 手島 手塚 物部 服部 日向 今日 明石 相生 赤穂 三木 小野 加西 篠山 丹波 朝来 淡路 宍粟 加東 たつの
生野 大東 松原 守口 枚方 門真 柏原 藤井 摂津 高石 泉南 交野 阪南 出雲 益田 大田 安来 江津 雲南 津山 玉野 笠岡 井原 総社 高梁 新見 備前 瀬戸 赤磐 真庭 美作 浅口
呉 竹原 三原 尾道 府中 三次 庄原 大竹 宇部 萩 防府 下松 岩国 光 長門 柳井 美祢 周南 鳴門 阿南 吉野川 阿波 美馬 三好 丸亀 坂出 善通寺 観音寺 今治 宇和島
新居浜 西条 大洲 伊予 西予 室戸 安芸 南国 須崎 宿毛 田川 柳川 八女 筑後 大川 行橋 豊前 中間 小郡 筑紫野 大野城 古賀 福津 朝倉 唐津 鳥栖 多久 武雄 小城 嬉野
諫早 平戸 松浦 西海 雲仙 八代 人吉 荒尾 水俣 玉名 山鹿 菊池 宇土 上天草 阿蘇 天草 合志 別府 日田 佐伯 臼杵 津久見 竹田 杵築 宇佐 都城 延岡 日南 小林 串間 西都 角田 土地
横山 大谷 長田 原口 横田 三宅 入口 山道 坂道 相川 柳 梅 松 竹 杉 桜 本多 高畑 小畑 大畑 森本 木下 西尾 安城 豊川 津島 碧南 刈谷 蒲郡 犬山 常滑 江南 稲沢 東海 大府
知多 知立 尾張 岩倉 日進 田原 愛西 清須 弥富 長久手 高浜 多治見 中津川 美濃 瑞浪 羽島 恵那 土岐 各務原 可児 山県 瑞穂 飛騨 郡上 下呂 海津 三島 熱海 伊東 島田 富士
磐田 焼津 掛川 藤枝 御殿場 袋井 下田 裾野 湖西 伊豆 菊川 牧之原 四日市 松阪 桑名 名張 尾鷲 上条'''.split())
# Too frequent as surnames to be given up for the place or word they also are.
KEEP = set('田中 中村 山田 前田 後藤 小林 伊東 村上 山下 藤井 坂本 石井 西村 上田 木下 横山 森本 菊池 服部 本多 高畑 手塚 浜田 北村 今村 酒井 坂井 松浦 小野 三宅 熊谷 浜口 藤岡 角田 土田 中田 本田 大谷 宮本 池田 松本'.split())


# Surnames of one character that people from China and Korea bear.
FOREIGN = """王李張劉陳楊黄趙呉周徐孫馬朱胡林郭何高羅鄭梁謝宋唐許鄧馮韓曹曽彭蕭蔡潘田董袁于余葉蒋杜蘇魏程呂丁沈任姚盧傅鐘姜崔
譚廖范汪陸金石戴賈韋夏邱方侯鄒熊孟秦白江閻薛尹段雷黎史龍陶賀顧毛郝龔邵万銭厳覃武莫孔湯朴安全南文柳洪申裵権"""
# Given names of one kanji that the collections are too old for.
MODERN = "蓮湊凛葵翼樹陸颯暖杏咲楓桜紬澪栞梓愛心海空光碧蒼律奏晴仁司匠匡巧歩萌茜遥遼隼駿涼凌亮諒瞳渚岬昴旭暁柊朔翠慧慶結幸恵誠"
# Given names of two kana, as people born before 1940 bear them.
OLD = """あき あさ いし いと いね いよ うた うめ えい えつ かつ かね かめ きく きさ きち きみ きよ きぬ きん くに くま けい けん こう
こと こま さき さだ さち さと さわ しか しげ しず しの しま しめ しん じゅん しょう すえ すが すず すみ せい せき せつ その たえ たか たき たけ たつ たね
たま たみ ため だい ちえ ちか ちせ ちよ つぎ つね つや つる てい てつ てる とき とく とし とみ とよ とめ とら とり なお なか なつ なみ ぬい のぶ はつ はな
はま はる ひさ ひで ひろ ふき ふく ふさ ふじ ふみ ふゆ まき まさ ます まち まつ みさ みち みつ みね みや みよ むめ もと もよ やえ やす やよ ゆう ゆき
ゆり よう よし よね より りき りつ りゅう りょう りん るい れい れん わか""".split()

# Given names of children of today, which the collections are too old for; none that is said every day (そら, こころ).
YOUNG = """あいか あいと あいら あいり あおい あおと あさひ あやと あやね あんじゅ あんな いおり いくと いちか いつき いと いとは いぶき いろは うた うたは
えいた えいと えま えみり えれな おうすけ おうた かいと かいり かえで かなた かなで かの かのん かほ かりん かれん かんた かんな きい きっぺい きらら きらり
けいた けいと けんしん こうき こうせい こうた こうめい ここな ここね ここは ここみ ことね ことは ことみ このは こはな こはる さあや さえ さき さくたろう さくと
さな さほ さゆ さら さわ しいな しおり しおん しほ しゅうと しゅり しょうた しょうま じん すい すず すずか すずな すずね すずは すばる すみれ せいや せな
せり せんり そうご そうし そうしろう そうすけ そうた そうたろう そうま そうや そな そよか たいが たいき たいし たいせい たいち たいと たくと ちさ ちさと ちなつ
ちはや ちはる ちひろ つかさ つむぎ とあ とうま とうや ときわ としき ともか ともは ともや ともり なお なおと なぎ なぎさ なこ なつき なつは なつめ なな ななか ななは
ななみ なのは なゆ にいな にこ にな にの ねお ねね のあ のえる のどか のの ののか ののは のん はお はづき はな はなの はやと はる はるあ はるき はると はるね はるま
はるひ はんな ひいろ ひおり ひかる ひな ひなこ ひなた ひなの ひまり ひより ふう ふうか ふうた ふうと ふうま ふうり ふみか ほたる ほのか ほまれ まいか まお まこ ましろ
まな まなか まなと まなみ まひる まひろ まほ まりあ まりな みいな みお みおん みか みく みさと みずき みそら みちる みつき みと みなと みなみ みの みのり みはな みはね
みはる みひろ みゆ みゆう みらの みりあ みれい みわ むつき めい めいさ めぐ もあ ももか ももこ ももな ももね やまと ゆあ ゆあん ゆい ゆいか ゆいと ゆいな ゆいは
ゆう ゆうあ ゆうか ゆうき ゆうご ゆうしん ゆうすけ ゆうせい ゆうた ゆうたろう ゆうと ゆうな ゆうは ゆうひ ゆうま ゆうり ゆか ゆず ゆずか ゆずき ゆずな ゆずは ゆずほ
ゆづき ゆな ゆの ゆめか ゆめな ゆら らい らいき らいむ らな らら らん りあ りいさ りお りおな りおん りか りく りくと りくや りこ りさ りつ りと りな りの りのあ
りほ りり りりあ りりか りん りんか りんたろう りんと りんね るあ るい るか るき るな るの るり れあ れい れいな れお れおん れな れの れん わかな わく""".split()


def kana_key(s):
    """7 bits for each hiragana, first one highest; at most 9."""
    k = 0
    for c in s:
        v = 1 if c == 'ー' else ord(c) - 0x3040 + 1
        assert 0 < v < 128, s
        k = k << 7 | v
    return k << 7 * (9 - len(s))


def nibble(n):
    """0..15: about log2"""
    r = 0
    while n > 0 and r < 15:
        n >>= 1
        r += 1
    return r


def rows(items, per, fmt):
    for i in range(0, len(items), per):
        print('\t' + ','.join(fmt(x) for x in items[i:i + per]) + ',')


def main():
    d = sys.argv[1]
    fam, fkana, gkana, spelt = {}, set(), set(), {}
    for r in csv.reader(open(f'{d}/last_name_org.csv', encoding='utf8')):
        if len(r[0]) <= 3 and all(ord(c) < 0x10000 for c in r[0]):
            fam[r[0]] = r[0] in WORDS and r[0] not in KEEP
        if len(r[2]) <= 9:
            fkana.add(r[2])
    for f in ('man', 'woman'):
        for r in csv.reader(open(f'{d}/first_name_{f}_opti.csv', encoding='utf8')):
            if 1 < len(r[0]) <= 9:
                gkana.add(r[0])
            for g in r[2:]:
                for i, c in enumerate(g):
                    place = 3 if len(g) == 1 else 0 if i == 0 else 2 if i == len(g) - 1 else 1
                    spelt.setdefault(c, [0] * 4)[place] += 1
    for c in FOREIGN.replace('\n', ''):
        fam.setdefault(c, True)
    gkana.update(OLD)
    gkana.update(YOUNG)
    for c in MODERN:
        spelt.setdefault(c, [0] * 4)[3] += 8
    family, given = {}, {c: n for c, n in spelt.items()}
    for r in csv.DictReader(open(f'{d}/namedivider_kanji_stats.csv', encoding='utf8')):
        n = {k: int(v) for k, v in r.items() if k != 'kanji'}
        family[r['kanji']] = [n[k] for k in ('oc_family_first', 'oc_family_other', 'oc_family_last', 'lc_family_1')]
        more = [n[k] for k in ('oc_given_first', 'oc_given_other', 'oc_given_last', 'lc_given_1')]
        given[r['kanji']] = [x + y for x, y in zip(more, given.get(r['kanji'], [0] * 4))]
    pack = lambda v: sum(nibble(x) << 4 * i for i, x in enumerate(v))
    stats = [(ord(c), pack(family.get(c, [0] * 4)), pack(given.get(c, [0] * 4)))
             for c in family.keys() | given.keys() if '\u4e00' <= c <= '\u9fff' or c == '々']
    stats = [s for s in stats if s[1] or s[2]]
    print('/* Made by gen_jname.py, which names the sources (MIT). Sorted for binary search. */')
    print('#ifndef SHARED_JNAME_TABLE_H\n#define SHARED_JNAME_TABLE_H\n\n#include <stdint.h>\n')
    print('/* clang-format off */')
    key = lambda s: tuple(map(ord, s)) + (0,) * (3 - len(s))
    print('/* Surnames of up to three characters; the fourth number is 1 when it is also a place or word. */')
    print('static const uint16_t jname_surnames[][4] = {')
    rows(sorted(key(s) + (int(w),) for s, w in fam.items()), 7, lambda k: '{%s}' % ','.join(map(hex, k)))
    print('};\n/* Readings, 7 bits a kana, highest first. */\nstatic const uint64_t jname_surname_kana[] = {')
    rows(sorted(map(kana_key, fkana)), 7, hex)
    print('};\nstatic const uint64_t jname_given_kana[] = {')
    rows(sorted(map(kana_key, gkana)), 7, hex)
    print('};\n/* Character, counts in surnames, counts in given names: four bits (log2) each for first, middle,\n'
          ' * last, only character, lowest first. */\nstatic const uint16_t jname_kanji[][3] = {')
    rows(sorted(stats), 8, lambda k: '{%s}' % ','.join(map(hex, k)))
    print('};\n/* clang-format on */\n\n#endif')


main()
