/// The look of the page, dark and light, for wide and narrow screens.
enum ReportStyle {
    static let css = """
        :root{color-scheme:dark light;--bg:#0b0d13;--panel:#141824;--panel-2:#1b2030;--edge:#262d40;--text:#eef0f6;\
        --soft:#9aa3b8;--chat:#a78bfa;--voice:#22d3ee;--face:#fbbf24;--instant:#ff5c8a;--clip:#7aa2ff;--miss:#8590a6;\
        --warn:#f59e0b;--shadow:0 1px 2px #0006,0 8px 24px #0003;--glow:#ff5c8a1c}
        @media (prefers-color-scheme:light){:root{--bg:#f5f6fa;--panel:#fff;--panel-2:#f0f2f8;--edge:#dfe3ec;\
        --text:#161a26;--soft:#566075;--chat:#7c4ddb;--voice:#0b8aa3;--face:#b87400;--instant:#d81f5a;--clip:#2f62d9;\
        --miss:#6b7488;--warn:#b45309;--shadow:0 1px 2px #1a20330f,0 8px 24px #1a20330f;--glow:#d81f5a12}}
        *{box-sizing:border-box}
        html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
        body{margin:0;background:radial-gradient(1200px 480px at 85% -160px,var(--glow),transparent) no-repeat var(--bg);\
        color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
        main{max-width:1240px;margin:0 auto;padding:28px 24px 8px}
        h1,h2,h3,p,ul,dl,dd{margin:0;padding:0}
        ul{list-style:none}
        h1{font-size:clamp(22px,3.4vw,34px);line-height:1.2;letter-spacing:-.02em;overflow-wrap:anywhere}
        h2{font-size:19px;letter-spacing:-.01em}
        h3{font-size:16px;display:flex;align-items:baseline;gap:10px;flex-wrap:wrap}
        a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:3px}
        button{font:inherit;color:inherit;cursor:pointer}
        :focus-visible{outline:2px solid var(--clip);outline-offset:2px;border-radius:6px}
        .skip{position:absolute;left:-999px}
        .skip:focus{left:12px;top:12px;background:var(--panel);padding:8px 14px;z-index:9}
        section{margin:0 0 36px}
        section>h2{margin-bottom:14px}
        .count{color:var(--soft);font-weight:500;margin-left:4px}
        .lead,.hint{color:var(--soft);margin:-8px 0 14px}
        .panel{background:var(--panel);border:1px solid var(--edge);border-radius:14px;box-shadow:var(--shadow)}
        header{margin-bottom:28px}
        .brand{display:flex;align-items:center;gap:8px;color:var(--soft);font-weight:600;letter-spacing:.02em;margin-bottom:10px}
        .brand svg{width:22px;fill:none;stroke:var(--instant);stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round}
        .figures{display:flex;flex-wrap:wrap;gap:12px 40px;margin-top:18px}
        .figures dt{color:var(--soft);font-size:13px}
        .figures dd{font-size:24px;font-weight:650;letter-spacing:-.02em;line-height:1.25;font-variant-numeric:tabular-nums}
        .figures small{display:block;font-size:12.5px;font-weight:400;color:var(--soft);letter-spacing:0}
        .warnings{border:1px solid color-mix(in srgb,var(--warn) 45%,transparent);border-radius:14px;padding:14px 18px;\
        background:color-mix(in srgb,var(--warn) 9%,var(--panel))}
        .warnings h2{font-size:15px;color:var(--warn);margin-bottom:4px}
        .warnings li{padding:2px 0;overflow-wrap:anywhere}
        .timeline{padding:18px 20px 20px}
        .panel-head{display:flex;align-items:center;gap:8px 20px;flex-wrap:wrap;margin-bottom:12px}
        .legend{display:flex;flex-wrap:wrap;gap:2px 16px;color:var(--soft);font-size:13px;margin-right:auto}
        .legend li{display:flex;align-items:center;gap:6px}
        .key{font-style:normal;line-height:1}
        .key.instant{color:var(--instant)}.key.clip{color:var(--clip)}.key.nearMiss,.key.miss{color:var(--miss)}
        .key.dash{width:16px;border-top:1.5px dashed var(--soft)}
        .key.hatch,.key.blank{width:16px;height:11px;border-radius:3px;border:1px solid var(--edge)}
        .key.hatch,.gap{background:repeating-linear-gradient(-45deg,color-mix(in srgb,var(--soft) 55%,transparent) 0 2px,\
        transparent 2px 6px)}
        .zoom{display:flex;align-items:center;gap:4px}
        .zoom button{width:32px;height:32px;border-radius:9px;border:1px solid var(--edge);background:var(--panel-2);font-size:18px;line-height:1}
        .zoom output{min-width:38px;text-align:center;color:var(--soft);font-size:13px;font-variant-numeric:tabular-nums}
        .scroll{overflow-x:auto;overflow-y:hidden;scrollbar-width:thin;border-radius:8px}
        .track{position:relative;width:calc(100% * var(--zoom,1));min-width:100%}
        .lane{position:relative;margin-bottom:4px}
        .lane-name{position:sticky;left:2px;display:inline-block;font-size:12.5px;font-weight:600;line-height:20px;z-index:2;\
        pointer-events:none;max-width:calc(100% / var(--zoom,1));white-space:nowrap;overflow:hidden;text-overflow:ellipsis;vertical-align:top}
        .lane-name small{font-weight:400;color:var(--soft);font-size:12px}
        .lane.marks .lane-name,.lane.clips .lane-name{color:var(--soft)}
        .plot{position:relative;height:56px;border-radius:6px}
        .lane.marks .plot{height:28px}.lane.clips .plot{height:24px}
        .lane.chat{--c:var(--chat)}.lane.voice{--c:var(--voice)}.lane.face{--c:var(--face)}
        .lane.chat .lane-name,.lane.voice .lane-name,.lane.face .lane-name{color:var(--c)}
        .seen{position:absolute;inset:0 auto;background:color-mix(in srgb,var(--c) 8%,var(--panel-2));border-radius:4px}
        .plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
        .area{fill:color-mix(in srgb,var(--c) 24%,transparent)}
        .area.loud{fill:color-mix(in srgb,var(--c) 80%,transparent)}
        .line{fill:none;stroke:var(--c);stroke-width:1.3;vector-effect:non-scaling-stroke;stroke-linejoin:round}
        .threshold{stroke:var(--soft);stroke-width:1;stroke-dasharray:4 4;vector-effect:non-scaling-stroke;opacity:.75}
        .gap{position:absolute;inset:0 auto;min-width:2px;border-radius:4px}
        .band{position:absolute;top:0;bottom:22px;min-width:3px;border-radius:5px;z-index:1;pointer-events:none;\
        background:color-mix(in srgb,var(--clip) 17%,transparent)}
        .band.instant{background:color-mix(in srgb,var(--instant) 19%,transparent)}
        .marker{position:absolute;top:0;transform:translateX(-50%);width:28px;height:28px;padding:0;border-radius:50%;\
        border:1px solid transparent;background:none;font-size:15px;line-height:1;color:var(--miss);z-index:3}
        .marker.clip{color:var(--clip)}.marker.instant{color:var(--instant);font-size:19px}
        .marker:hover,.marker[aria-pressed=true]{background:var(--panel);border-color:currentColor;z-index:4}
        .bar{position:absolute;top:2px;bottom:2px;min-width:6px;border-radius:6px;background:var(--clip);color:#fff;\
        font-size:12px;font-weight:650;text-decoration:none;display:grid;place-items:center;overflow:hidden;z-index:2}
        .bar.instant{background:var(--instant)}
        @media (prefers-color-scheme:dark){.bar{color:#0b0d13}}
        .bar:hover{filter:brightness(1.12)}
        .axis{position:relative;height:20px;margin-top:2px;color:var(--soft);font-size:12px;font-variant-numeric:tabular-nums}
        .axis span{position:absolute;transform:translateX(-50%);white-space:nowrap}
        .axis span:first-child{transform:none}.axis span.last{transform:translateX(-100%)}
        .playhead,.cursor{position:absolute;top:0;bottom:20px;width:0;border-left:1.5px solid var(--text);pointer-events:none;z-index:5}
        .cursor{border-left:1px dashed var(--soft)}
        .cursor span{position:absolute;bottom:-20px;transform:translateX(-50%);background:var(--text);color:var(--bg);\
        font-size:11.5px;line-height:18px;padding:0 6px;border-radius:5px;font-variant-numeric:tabular-nums}
        .hint{margin:12px 0 0;font-size:13px}
        .detail{border-top:1px solid var(--edge);padding-top:14px;margin-top:14px}
        .detail:focus{outline:none}
        .js .detail:not(.chosen){display:none}
        .when{color:var(--soft);font-weight:500;font-variant-numeric:tabular-nums;white-space:nowrap}
        .jump{font-size:13.5px;font-weight:500;color:var(--clip)}
        h3 .jump{margin-left:auto}
        .reason{margin:4px 0 10px;overflow-wrap:anywhere}
        .votes{display:grid;gap:10px}
        .detail .votes{grid-template-columns:repeat(auto-fit,minmax(270px,1fr));gap:12px 32px}
        .vote{display:grid;grid-template-columns:46px 1fr auto;align-items:center;gap:2px 10px;--c:var(--chat);align-content:start}
        .vote.voice{--c:var(--voice)}.vote.face{--c:var(--face)}
        .vote .kind{font-weight:600;font-size:13.5px;color:var(--c)}
        .meter,.bar-track{height:7px;border-radius:4px;background:var(--panel-2);overflow:hidden;display:block}
        .meter{position:relative}
        .meter::after{content:"";position:absolute;left:50%;top:0;bottom:0;border-left:1.5px solid var(--soft);opacity:.7}
        .meter i,.bar-track i{display:block;height:100%;border-radius:4px;background:var(--c)}
        .vote:not(.present) .meter i{background:color-mix(in srgb,var(--c) 38%,transparent)}
        .vote.missing .meter,.vote.unobserved .meter{background:none;border:1px dashed var(--edge)}
        .vote.missing .meter::after,.vote.unobserved .meter::after{content:none}
        .vote:not(.present) .kind{color:var(--soft)}
        .figure{font-size:13.5px;font-variant-numeric:tabular-nums;font-weight:600;text-align:right}
        .vote:not(.present) .figure{font-weight:400;color:var(--soft)}
        .evidence{grid-column:2/4;font-size:13px;color:var(--soft);overflow-wrap:anywhere}
        .card .vote:not(.present) .emotions{display:none}
        .said{display:flex;flex-wrap:wrap;gap:5px;margin-top:5px}
        .said li{background:var(--panel-2);border:1px solid var(--edge);border-radius:20px;padding:1px 9px;color:var(--text);max-width:100%}
        .said b{color:var(--c);font-weight:600}
        .emotions{display:grid;gap:2px;margin-top:4px;max-width:280px}
        .emotions li,.timings li{display:grid;grid-template-columns:62px 1fr 40px;gap:8px;align-items:center}
        .emotions b,.timings b{font-weight:500;text-align:right;font-variant-numeric:tabular-nums}
        .emotions .bar-track{height:5px}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,350px),1fr));gap:20px;align-items:start}
        .card{background:var(--panel);border:1px solid var(--edge);border-radius:14px;overflow:hidden;box-shadow:var(--shadow);scroll-margin-top:16px}
        .card.instant{border-color:color-mix(in srgb,var(--instant) 45%,var(--edge))}
        .card:target,.card:focus{outline:2px solid var(--clip);outline-offset:2px}
        .screen{position:relative;aspect-ratio:16/9;background:#000}
        .screen video{width:100%;height:100%;object-fit:contain;display:block;background:#000}
        .play{position:absolute;inset:0;margin:auto;width:62px;height:62px;border-radius:50%;border:0;background:#0b0d13b8;\
        backdrop-filter:blur(6px);display:grid;place-items:center;transition:transform .15s,background .15s}
        .play[hidden]{display:none}
        .play svg{width:30px;fill:#fff;margin-left:3px}
        .screen:hover .play{transform:scale(1.07);background:var(--instant)}
        .badge,.length{position:absolute;top:10px;left:10px;padding:2px 10px;border-radius:20px;font-size:12.5px;font-weight:650;\
        background:#0b0d13c9;color:#a9c2ff;pointer-events:none}
        .badge.instant{background:#e11d62;color:#fff}
        .length{left:auto;right:10px;color:#fff;font-weight:500;font-variant-numeric:tabular-nums}
        .body{padding:14px 16px 16px}
        .score{margin-left:auto;font-size:20px;font-weight:650;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
        .score small{font-size:12px;color:var(--soft);font-weight:500;margin-left:1px}
        .why{padding:0 0 12px}
        .why+.why{border-top:1px solid var(--edge);padding-top:12px}
        .why .jump{display:inline-block;margin-top:10px}
        .file{display:flex;gap:12px;justify-content:space-between;border-top:1px solid var(--edge);padding-top:11px;font-size:13px;color:var(--soft)}
        .file a{overflow-wrap:anywhere}
        .file span{white-space:nowrap}
        .empty{color:var(--soft);border:1px dashed var(--edge);border-radius:14px;padding:32px 20px;text-align:center}
        table{border-collapse:collapse;width:100%;font-size:14px}
        th{text-align:left;font-weight:600;color:var(--soft);font-size:13px}
        th,td{padding:9px 16px;border-bottom:1px solid var(--edge);vertical-align:top}
        tbody tr:last-child td{border-bottom:0}
        td:first-child{white-space:nowrap;font-variant-numeric:tabular-nums}
        .pills{display:flex;flex-wrap:wrap;gap:5px}
        .pill{--c:var(--chat);border-radius:20px;padding:0 9px;font-size:12.5px;line-height:22px;white-space:nowrap;color:var(--soft);\
        border:1px solid var(--edge);font-variant-numeric:tabular-nums}
        .pill.voice{--c:var(--voice)}.pill.face{--c:var(--face)}
        .pill.present{color:var(--c);border-color:color-mix(in srgb,var(--c) 55%,transparent);font-weight:600;\
        background:color-mix(in srgb,var(--c) 11%,transparent)}
        .pill.missing{border-style:dashed}
        .folds{display:grid;gap:12px}
        details>summary{cursor:pointer;padding:13px 18px;font-weight:600;border-radius:14px}
        details>:not(summary){margin:0 18px 16px}
        details table{width:calc(100% - 36px)}
        details th,details td{padding:6px 12px 6px 0}
        code{font:13px ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
        dl:not(.figures){display:grid;grid-template-columns:max-content 1fr;gap:5px 24px}
        dl:not(.figures) dt{color:var(--soft)}
        dd{overflow-wrap:anywhere}
        .timings{--c:var(--clip);max-width:640px;display:grid;gap:5px}
        .timings li{grid-template-columns:170px 1fr 90px}
        footer{max-width:1240px;margin:0 auto;padding:8px 24px 40px;color:var(--soft);font-size:13px}
        @media (max-width:640px){
        main{padding:18px 14px 4px}
        footer{padding:8px 14px 32px}
        .figures{display:grid;grid-template-columns:1fr 1fr;gap:14px}
        .figures dd{font-size:21px}
        .timeline{padding:14px;margin-left:-4px;margin-right:-4px}
        .legend{order:3;font-size:12.5px;gap:2px 12px}
        .zoom{margin-left:auto}
        .plot{height:48px}
        .hint{font-size:12.5px}
        h3 .jump{margin-left:0}
        .table-wrap thead{position:absolute;left:-999px}
        .table-wrap tr{display:block;padding:12px 16px;border-bottom:1px solid var(--edge)}
        .table-wrap tbody tr:last-child{border:0}
        .table-wrap td{display:block;padding:2px 0;border:0}
        dl:not(.figures){grid-template-columns:1fr;gap:0}
        dl:not(.figures) dd{margin-bottom:8px}
        details td:nth-child(3),details th:nth-child(3){display:none}
        .timings li{grid-template-columns:110px 1fr 80px}
        }
        @media (prefers-reduced-motion:reduce){*{transition:none!important;scroll-behavior:auto!important}}
        @media print{.zoom,.play,.hint{display:none}.js .detail:not(.chosen){display:block}.card{break-inside:avoid}}
        """
}
