#!/bin/sh
# Prints tsunagi(1), made of what the commands say of themselves, so that it cannot be out of date.
# usage: hub/man.sh PROGRAM en|ja
set -eu
program=$1 lang=$2
export TSUNAGI_LANG="$lang"

if [ "$lang" = ja ]; then
	synopsis=書式 overview=概要 commands=コマンド environment=環境変数 exits=終了コード see=関連項目
	variables='TSUNAGI_STORE	--store を書かないときの保存先
TSUNAGI_ACTOR	操作した人（処理と監査の記録に残る。省略時はログイン名）
TSUNAGI_KEYS	提供先ごとの秘密鍵のファイル
TSUNAGI_LANG	ja または en（省略時はロケール）
TSUNAGI_HOME	schemas/ と mappings/ のあるフォルダ
TSUNAGI_PLUGINS	プラグインのフォルダ（: で区切る）'
	codes='0	完了
1	内部の誤り
2	コマンドの書き方が違う
3	設定またはマッピングが違う
4	取込エラーが上限を超えた、または件数が合わない
5	完了、取込エラーあり（上限内）
6	ゲートが認めない、または承認されていない
7	読み込み元または保存先が使えない
8	中断（同じコマンドで続きから）
9	同じ取込が別に動いている
10	ヘッダーが想定と違う
11	台帳または監査記録の連鎖が壊れている'
else
	synopsis=SYNOPSIS overview=OVERVIEW commands=COMMANDS environment=ENVIRONMENT exits='EXIT STATUS' see='SEE ALSO'
	variables='TSUNAGI_STORE	store of commands without --store
TSUNAGI_ACTOR	who works, in runs and in the audit log (default: login name)
TSUNAGI_KEYS	file with the secret keys of recipients
TSUNAGI_LANG	ja or en (default: locale)
TSUNAGI_HOME	folder with schemas/ and mappings/
TSUNAGI_PLUGINS	folders of plugins, separated by :'
	codes='0	done
1	internal fault
2	wrong call
3	configuration or mapping wrong
4	rejects over the limit, or counts do not agree
5	done, with rejects under the limit
6	refused by the gate, or not approved
7	source or target unavailable
8	interrupted: the same command goes on
9	another run holds the feed
10	the header is not the expected one
11	ledger or audit chain damaged'
fi

text() { sed -e 's/\\/\\e/g' -e "s/^[.']/\\\\\&&/" -e 's/-/\\-/g'; }
literal() { printf '.nf\n'; text; printf '.fi\n'; }
table() { printf '%s\n' "$1" | text | awk -F'\t' '{ print ".TP\n.B " $1; print $2 }'; }

version=$("$program" version | sed 's/^tsunagi \([^ ]*\).*/\1/')
printf '.TH TSUNAGI 1 "" "tsunagi %s"\n.SH NAME\n' "$version"
"$program" help | sed -n 1p | text
printf '.SH %s\n.B tsunagi\n.I COMMAND\n[\n.I OPTIONS\n]\n.SH %s\n' "$synopsis" "$overview"
"$program" help | sed -n '4,$p' | literal
printf '.SH %s\n' "$commands"
TSUNAGI_LANG=en "$program" help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' | while read -r c; do
	printf '.SS tsunagi %s\n' "$c"
	"$program" "$c" --help | literal
done
printf '.SH "%s"\n' "$environment"
table "$variables"
printf '.SH "%s"\n' "$exits"
table "$codes"
printf '.SH "%s"\n/usr/share/doc/tsunagi/\n' "$see"
