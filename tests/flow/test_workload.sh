# 業務棚卸表: a workbook with a header of two rows and merged categories, in; totals by category and kind of
# staff, out, equal to the sums that the workbook itself has.
. tests/lib/tap.sh
export TSUNAGI_STORE="sqlite:$SCRATCH/w.db"
cp mappings/workload/sample.xlsx "$SCRATCH/in.xlsx"
exits 0 "the workbook" tsunagi import "$SCRATCH/in.xlsx" --mapping workload --quiet
exits 0 "totals by category" tsunagi workload --format csv
is "$(tr -d '"\r' <<<"$OUT")" "work,保健師,社会福祉士,主任介護支援専門員,会計年度任用職員,事務職,total
総合相談,98.5,197.25,86,99.5,17,498.25
会議,8.5,19,6,0,12,45.5
庶務,3,2,2,0,0,7
total,110,218.25,94,99.5,29,550.75" "what was done x kind of staff"
like "$ERR" '1 times could not be read' "what is no time is in no total, and said"
exits 0 "totals by section" tsunagi workload --by department --format csv
is "$(tr -d '"\r' <<<"$OUT" | sed -n 2p)" "地域包括係,110,145.25,94,30.5,12,391.75" "as the sum row of its sheet has them"
exits 2 "another word" tsunagi workload --by colour
exits 0 "a first mapping of such a workbook" tsunagi guess "$SCRATCH/in.xlsx" --format csv
like "$ERR" 'header in line 3' "finds the header under the titles"
like "$OUT" '"大分類","workload.category"' "and what it is about"
tap_done
