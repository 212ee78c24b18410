#!/bin/bash
# `make demo`: the main job on shipped sample files, in a fresh folder, ending with where to look next.
# Every figure on the screen comes from the commands; a step that does not do what it says ends the demo.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
export PATH="$root/${BUILD:-build}/bin:$PATH"
export TSUNAGI_NOW=${TSUNAGI_NOW:-}
[ -n "$TSUNAGI_NOW" ] || unset TSUNAGI_NOW
D=${DEMO_DIR:-$root/${BUILD:-build}/demo}
rm -rf "$D" && mkdir -p "$D" && cd "$D" || exit 1
export TSUNAGI_STORE=sqlite:$D/tsunagi.db
S=$root/mappings

case ${TSUNAGI_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-en}}}} in ja*) ja=1 ;; *) ja=0 ;; esac
t() { if [ $ja = 1 ]; then printf '%s' "$2"; else printf '%s' "$1"; fi; }
N=0
step() { N=$((N + 1)); printf '\n\033[1m%d. %s\033[0m\n' "$N" "$(t "$1" "$2")"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || step() { N=$((N + 1)); printf '\n%d. %s\n' "$N" "$(t "$1" "$2")"; }
want() { # EXIT COMMAND... ; shows the command, its output, and stops when the exit code is another one
	local code=$1 rc
	shift
	printf '   $ %s\n' "$*" | sed "s|$root/||g; s|$D/||g"
	"$@" >"$D/.out" 2>&1
	rc=$?
	sed "s|$root/||g; s|^|   |" "$D/.out" | head -n "${LINES_SHOWN:-40}"
	if [ $rc -ne "$code" ]; then
		printf '\n%s %d\n' "$(t "demo stopped: exit code, expected $code, got" "デモを中止しました。終了コード: 期待 $code、実際")" $rc
		exit 1
	fi
}
quiet() { LINES_SHOWN=${SHOW:-0} want "$@"; }

step "What is in the file? A legacy export in CP932 with ㈱ 髙 﨑 and two broken rows" \
	"何のファイルか。CP932 の旧システム出力（㈱ 髙 﨑 と壊れた行が2つ）"
LINES_SHOWN=16 want 0 tsunagi guess "$S/demo/legacy.csv" --out guessed.cfg

step "Dry run, then the import. Broken rows go to the reject file, with place and reason" \
	"事前確認のあと取込。壊れた行は場所と理由とともに取込エラーのファイルへ"
cp "$S/demo/legacy.csv" legacy.csv
quiet 5 tsunagi import legacy.csv --mapping legacy-care-record --dry-run --report dry-run.txt
quiet 5 tsunagi import legacy.csv --mapping legacy-care-record --report count-sheet.html
tsunagi report --as text >count-sheet.txt
sed -n '1,40p' count-sheet.txt | sed 's/^/   /'
printf '   %s\n' "$(t "the reject file:" "取込エラーのファイル:")"
iconv -f CP932 -t UTF-8 legacy.csv.rejects.csv | LC_ALL=C.UTF-8 sed -E 's|^(.{70}).+|\1…|; s|^|   |'

step "The same file again is no work" "同じファイルの2回目は何もしない"
want 0 tsunagi import legacy.csv --mapping legacy-care-record

step "The registry: only people of our cases and their households are kept, and it brings a protection" \
	"住民記録の照会: 事案に関わる人とその世帯だけを保管し、支援措置が届く"
quiet 0 tsunagi import "$S/demo/registry.csv" --mapping registry-municipal --report registry.txt
quiet 0 tsunagi import "$S/demo/protection.csv" --mapping registry-municipal/protection --report protection.txt
want 0 tsunagi runs
want 0 tsunagi link list

step "Nothing leaves without an approved profile; author and approver are two people" \
	"承認された提供プロファイルがなければ何も出ない。作成者と承認者は別の人"
LINES_SHOWN=4 want 6 tsunagi export --profile trusted-agency --as jsonl --to welfare.jsonl
for p in trusted-agency masked-agency commissioner; do
	SHOW=3 quiet 0 env TSUNAGI_ACTOR=suzuki tsunagi release propose $p
	SHOW=1 quiet 0 env TSUNAGI_ACTOR=tanaka tsunagi release approve $p
done

step "One note for three recipients: one is trusted and has consent, one sees roles for names, one sees neither" \
	"1つの記録を3つの提供先へ: 同意のある機関、名前を関係で示す機関、名前も関係も示さない民生委員"
quiet 0 tsunagi export --profile trusted-agency --as jsonl --to welfare-1.jsonl
quiet 0 tsunagi export --profile masked-agency --as jsonl --to shakyo-1.jsonl
quiet 0 tsunagi export --profile commissioner --as jsonl --to commissioner.jsonl
quiet 0 tsunagi export --profile trusted-agency --as csv --to welfare-csv
quiet 0 tsunagi export --profile trusted-agency --as xml --to welfare.xml
note() { # FILE: the text of the first case
	sed -n 's/,"_shown".*//; /"entity":"intake"/s/.*"consult_detail":"\([^"]*\)".*/\1/p' "$1" | head -n 1 | sed 's/\\n/\n/g'
}
side() { # LABEL FILE
	printf '   --- %s\n' "$1"
	note "$2" >"$D/.note"
	if ! [ -s "$D/.note" ]; then
		printf '\n%s\n' "$(t "demo stopped: there is no note in" "デモを中止しました。記録がありません:") $2"
		exit 1
	fi
	sed 's/^/   | /' "$D/.note"
}
side "$(t "trusted (福祉課)" "福祉課（同意あり）")" welfare-1.jsonl
side "$(t "masked (社会福祉協議会)" "社会福祉協議会（伏せて提供）")" shakyo-1.jsonl
side "$(t "dots (民生委員・児童委員)" "民生委員・児童委員（●●）")" commissioner.jsonl

step "The registry again: a sister has moved in. The older note names her, and is masked anew" \
	"住民記録をもう一度: 妹が転入した。以前の記録にある名前が、あらためて伏せられる"
quiet 0 tsunagi import "$S/demo/registry-next.csv" --mapping registry-municipal --report registry-next.txt
quiet 0 tsunagi import "$S/demo/protection.csv" --mapping registry-municipal/protection --report protection-next.txt
quiet 0 tsunagi export --profile masked-agency --as jsonl --to shakyo-2.jsonl
side "$(t "before" "前")" shakyo-1.jsonl
side "$(t "after" "後")" shakyo-2.jsonl

step "The audit log is a hash chain without values; it verifies" "操作ログは値を含まないハッシュ連鎖で、検証できる"
want 0 tsunagi audit verify
LINES_SHOWN=8 want 0 tsunagi release log
quiet 0 tsunagi release compare 2026-0000101 --profile trusted-agency --profile masked-agency --profile commissioner --html compare.html
quiet 0 tsunagi preview "$S/demo/legacy.csv" --mapping legacy-care-record --html preview.html

cat <<END

$(t "Done. Look here next" "おわりました。次に見る場所"): ${D#"$root"/}/
  count-sheet.html        $(t "the sheet that somebody signs" "署名するための件数突合表")
  compare.html            $(t "one case as each recipient sees it" "ひとつの事案を提供先ごとに見た画面")
  preview.html            $(t "raw, normalised, masked side by side" "原文・正規化・マスクの比較")
  legacy.csv.rejects.csv  $(t "correct it in Excel, then: tsunagi reload legacy.csv.rejects.csv" "Excel で直して tsunagi reload legacy.csv.rejects.csv")
  welfare-csv/            $(t "what the trusted recipient gets, safe for Excel" "提供先に渡る CSV（Excel で壊れない）")
$(t "Try next" "次に試すこと"):
  export TSUNAGI_STORE=sqlite:${D#"$root"/}/tsunagi.db
  ${BUILD:-build}/bin/tsunagi undo 1 --dry-run
  ${BUILD:-build}/bin/tsunagi explain person 2026-0000101
  ${BUILD:-build}/bin/tsunagi guess YOUR.csv --out mapping.cfg
END
