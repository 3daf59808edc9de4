#include "footfall/cli/report_style.h"

namespace footfall::cli {

// Ten shades h0..h9 run from the surface to the accent; text turns over where contrast asks for
// it.
const char* const kReportStyle = R"css(
:root{color-scheme:light dark;--page:#f6f5f1;--card:#fff;--ink:#1d2a2c;--soft:#5a696c;
--line:#e2e2db;
--first:#0f766e;--second:#b4530a;--good:#166534;--bad:#b42318;
--h0:#f2f7f6;--h1:#dfeeec;--h2:#c8e3df;--h3:#abd4cf;--h4:#87c1ba;--h5:#61aba3;--h6:#3d948b;
--h7:#217d74;--h8:#10685f;--h9:#07534c;--on:#fff}
@media screen and (prefers-color-scheme:dark){:root{--page:#111718;--card:#192123;--ink:#e7edec;
--soft:#9fb0b1;--line:#2b3638;--first:#45b8ab;--second:#e2a05a;--good:#6cc58f;--bad:#f0857a;
--h0:#1d2829;--h1:#1f3233;--h2:#203e3e;--h3:#214c4b;--h4:#225c59;--h5:#246e69;--h6:#2b847d;
--h7:#3a9d94;--h8:#56b9ae;--h9:#82d6cb;--on:#fff;--over:#0c1415}
.h7,.h8,.h9{color:var(--over)!important}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
header,main,.end{max-width:1240px;margin:0 auto;padding:0 16px}
header{padding-top:28px;padding-bottom:14px}
h1{font-size:1.75rem;line-height:1.2;margin:0;letter-spacing:-.01em}
header p{margin:6px 0 0;color:var(--soft)}
main{display:grid;grid-template-columns:minmax(0,1fr);gap:16px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;
padding:18px 18px 14px;
display:flex;flex-direction:column;min-width:0}
h2{font-size:1.08rem;margin:0 0 2px}
h3{font-size:.95rem;margin:16px 0 4px}
.lead{margin:0 0 12px;color:var(--soft)}
section>footer{margin-top:auto}
footer{padding-top:12px;color:var(--soft);font-size:.78rem;
line-height:1.45}
footer p{margin:3px 0;overflow-wrap:anywhere}
footer+footer{padding-top:0;margin-top:0}
footer b{font-weight:600;margin-right:.3em}
footer details.rule{margin:3px 0;font-size:inherit}
footer details.rule p{margin:3px 0 6px}
details.rule summary span{color:var(--first)}details.rule[open] summary span{display:none}
small{font-size:.78em;color:var(--soft);font-weight:400}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.87rem}
th{font-weight:600;text-align:left;vertical-align:bottom;color:var(--soft);font-size:.8rem}
th,td{padding:5px 12px 5px 0}
th:last-child,td:last-child{padding-right:0}
tbody th{vertical-align:middle}
.t{min-width:11em}
tbody tr+tr td,tbody tr+tr th{border-top:1px solid var(--line)}
.n{text-align:right;white-space:nowrap}
th.n{white-space:normal}
td small{display:block;line-height:1.2}
.b{width:18%;min-width:60px}
.b i{display:block;height:12px;min-width:1px;border-radius:2px;background:var(--first)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:10px 20px;
margin:8px 0 4px}
.figures dt{color:var(--soft);font-size:.82rem}
.figures dd{margin:0;font-size:1.45rem;font-weight:600;line-height:1.25;
font-variant-numeric:tabular-nums}
.figures dd.ci{font-size:.78rem;font-weight:400;color:var(--soft)}
.chart{width:100%;height:auto;display:block}
.medium,.narrow{display:none}
.tick{font-size:11.5px;fill:var(--soft)}
.grid line,line.grid{stroke:var(--line)}
line.zero{stroke:var(--soft)}
rect.first{fill:var(--first)}
rect.first:hover{opacity:.75}
rect.first.open{opacity:.45}
polyline.second{fill:none;stroke:var(--second);stroke-width:1.8;stroke-linejoin:round}
.legend{margin:0 0 4px;font-size:.82rem;color:var(--soft)}
.legend span{margin-right:16px}
.legend span::before{content:"";display:inline-block;width:12px;height:10px;margin-right:6px;
border-radius:2px;background:var(--first)}
.legend span.open::before{opacity:.45}
.legend span.second::before{height:2px;vertical-align:4px;background:var(--second)}
details{margin-top:8px;font-size:.87rem}
summary{cursor:pointer;color:var(--soft)}
.h0{background:var(--h0)}.h1{background:var(--h1)}.h2{background:var(--h2)}
.h3{background:var(--h3)}
.h4{background:var(--h4)}.h5{background:var(--h5)}
.h6{background:var(--h6);color:var(--on)}.h7{background:var(--h7);color:var(--on)}
.h8{background:var(--h8);color:var(--on)}.h9{background:var(--h9);color:var(--on)}
.triangle{border-collapse:separate;border-spacing:2px;font-size:.8rem}
.triangle th,.triangle td{padding:5px 4px;border:0!important}
.triangle tbody th{color:var(--ink);font-weight:500;white-space:nowrap}
.triangle .c{text-align:right;border-radius:3px;min-width:26px}
.triangle .open{background-image:repeating-linear-gradient(135deg,transparent 0 4px,rgba(128,128,
128,.28) 4px 5px)}
table.grid{border-collapse:separate;border-spacing:3px;table-layout:fixed}
table.grid th{padding:2px;border:0!important;text-align:center;white-space:nowrap}
table.grid th:first-child{width:30px;text-align:right;padding-right:6px;vertical-align:middle}
table.grid td{border:0!important;border-radius:5px;padding:7px 8px;vertical-align:top;height:58px}
table.grid td span{display:block;font-size:.75rem;line-height:1.2;overflow-wrap:anywhere;
hyphens:auto}
table.grid td b{font-size:.95rem}
.key,.empty{margin:8px 0 0;color:var(--soft);font-size:.8rem}
.metrics .iv{width:34%;min-width:110px}
.metrics tbody tr.base td,.metrics tbody tr.base th{border-top:0;color:var(--soft)}
path.zero{stroke:var(--soft);stroke-width:1}
svg.interval{width:100%;height:16px;display:block}
.interval circle{fill:var(--first)}
.interval .band{stroke:var(--first);stroke-width:1.8;fill:none}
.interval.base circle{fill:var(--soft)}
.interval.base .band{stroke:var(--soft)}
.verdict{font-size:.87rem;margin:4px 0 0}
.two+.verdict{margin-top:12px}
.good{color:var(--good)}.bad,.warning{color:var(--bad)}
ol.items{margin:6px 0 0;padding:0;list-style:none;counter-reset:place}
ol.items li{counter-increment:place;padding:7px 0 7px 30px;position:relative;
border-top:1px solid var(--line)}
ol.items li:first-child{border-top:0}
ol.items li::before{content:counter(place);position:absolute;left:0;top:8px;width:21px;
height:21px;border-radius:50%;
background:var(--h1);text-align:center;font-size:.75rem;line-height:21px}
ol.items b{font-weight:600}
ol.items p{margin:1px 0 0;color:var(--soft);font-size:.82rem}
.two{display:grid;gap:0 32px;grid-template-columns:minmax(0,1fr)}
.example{font:12px/1.4 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;
color:var(--soft);overflow-wrap:anywhere}
.end{padding-top:18px;padding-bottom:32px;color:var(--soft);font-size:.8rem}
@media (min-width:720px){.two{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media (min-width:1080px){main{grid-template-columns:repeat(6,minmax(0,1fr))}
section{grid-column:span 6}section.half{grid-column:span 3}section.third{grid-column:span 2}}
@media (max-width:1079px){.wide{display:none}.medium{display:block}}
@media (max-width:560px){table{font-size:.76rem}.scroll .b{display:none}
.medium{display:none}.narrow{display:block}
.t{min-width:7.5em}.metrics .iv{display:none}.metrics .n{white-space:normal}
section{padding:14px 12px 12px}
header,main,.end{padding-left:10px;padding-right:10px}
.triangle{font-size:.7rem;border-spacing:1px}.triangle th,.triangle td{padding:4px 1px}
.triangle th{font-size:.7rem}.triangle .c{min-width:0}
table.grid td{padding:5px 3px;height:54px}table.grid td span{font-size:.58rem}
table.grid th:first-child{width:26px;padding-right:3px}table.grid{border-spacing:2px}
th,td{padding-right:7px}.figures dd{font-size:1.2rem}
.figures{grid-template-columns:repeat(auto-fit,minmax(130px,1fr))}}
@media print{body{background:#fff;font-size:11px}section{break-inside:avoid;border-color:#ccc}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
header,main,.end{max-width:none}main{display:block}section{margin-bottom:12px}
details{display:none}details.rule{display:block}details.rule summary span{display:none}
details.rule::details-content{content-visibility:visible}
.wide,.narrow{display:none}.medium{display:block}}
)css";

}  // namespace footfall::cli
