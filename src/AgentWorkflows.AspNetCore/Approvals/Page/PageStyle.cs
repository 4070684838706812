using System.Security.Cryptography;
using System.Text;

namespace AgentWorkflows.AspNetCore.Approvals.Page;

/// <summary>The page's one style sheet, inline, and the policy that allows it and nothing else: no script, no image, no frame, no other address.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--bg:#f4f5f7;--card:#fff;--ink:#14181f;--dim:#5b6472;--line:#dfe3e8;--soft:#f0f2f5;--accent:#1f5fd0;--ok:#116d3c;--bad:#b3261e;--warn:#8a4b00;--warnbg:#fff4e0;--badbg:#fdecea;--okbg:#e5f5ec}
        @media (prefers-color-scheme:dark){:root{--bg:#101318;--card:#191d24;--ink:#e9ecf1;--dim:#9aa4b2;--line:#2c333d;--soft:#222832;--accent:#7fb0ff;--ok:#5fd39a;--bad:#ff8a80;--warn:#ffc37a;--warnbg:#33270f;--badbg:#3a1a18;--okbg:#12301f}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
        main{max-width:42rem;margin:0 auto;padding:1rem}
        .brand{display:flex;justify-content:space-between;gap:1rem;color:var(--dim);font-size:.85rem;padding:.25rem .25rem .75rem}
        .brand b{color:var(--ink);letter-spacing:.01em}
        .card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.25rem;margin-bottom:1rem}
        h1{font-size:1.4rem;line-height:1.25;margin:.5rem 0 .25rem;overflow-wrap:anywhere}
        h2{font-size:.78rem;letter-spacing:.06em;text-transform:uppercase;color:var(--dim);margin:0 0 .6rem}
        p{margin:.35rem 0}
        .goal{font-size:1.05rem;overflow-wrap:anywhere}
        .lead{color:var(--dim);overflow-wrap:anywhere}
        .tags{display:flex;flex-wrap:wrap;gap:.4rem}
        .tag{font-size:.8rem;font-weight:600;padding:.1rem .6rem;border-radius:99px;background:var(--soft);color:var(--dim)}
        .tag.write_risky{background:var(--warnbg);color:var(--warn)}
        .tag.destructive{background:var(--badbg);color:var(--bad)}
        table{width:100%;border-collapse:collapse}
        th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
        tr:first-child>th,tr:first-child>td{border-top:0;padding-top:0}
        tr:last-child>th,tr:last-child>td{padding-bottom:0}
        th{font-weight:500;color:var(--dim);width:34%}
        .value{white-space:pre-wrap;font-variant-numeric:tabular-nums}
        .change{display:flex;flex-wrap:wrap;gap:.15rem .6rem;align-items:baseline}
        .before{color:var(--dim);text-decoration:line-through}
        .after{font-weight:650}
        .esc{color:var(--bad);font-family:ui-monospace,monospace;font-size:.9em}
        label{display:block;font-weight:600;margin:.9rem 0 .3rem}
        .hint{color:var(--dim);font-size:.88rem;font-weight:400}
        input,textarea,select{width:100%;font:inherit;color:inherit;background:var(--card);border:1px solid var(--dim);border-radius:9px;padding:.6rem .7rem}
        textarea{min-height:4.2rem;resize:vertical}
        .code{max-width:13rem;font:600 1.35rem/1.3 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.12em;text-transform:uppercase}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        .actions{display:flex;flex-wrap:wrap;gap:.7rem;margin-top:1.1rem}
        button{flex:1 1 9rem;min-height:3rem;font:inherit;font-weight:600;font-size:1.05rem;line-height:1.2;border-radius:10px;border:1px solid transparent;padding:.6rem 1rem;cursor:pointer}
        .yes{background:#12733f;color:#fff}
        .no{background:transparent;color:var(--bad);border-color:currentColor}
        .edit{background:transparent;color:var(--accent);border-color:currentColor;width:100%;margin-top:1rem}
        details{border-top:1px solid var(--line);margin-top:1.2rem;padding-top:.9rem}
        summary{cursor:pointer;font-weight:600;color:var(--accent)}
        .note{border-radius:10px;padding:.7rem .9rem;margin-bottom:1rem;background:var(--badbg);color:var(--bad);font-weight:500;overflow-wrap:anywhere}
        .note ul{margin:.3rem 0 0;padding-left:1.2rem;font-weight:400}
        .end{text-align:center;padding:2.2rem 1.25rem}
        .mark{display:inline-grid;place-items:center;width:3.2rem;height:3.2rem;border-radius:50%;font-size:1.6rem;font-weight:700;background:var(--soft);color:var(--dim)}
        .mark.ok{background:var(--okbg);color:var(--ok)}
        .mark.bad{background:var(--badbg);color:var(--bad)}
        footer{color:var(--dim);font-size:.82rem;padding:0 .25rem 1.5rem;overflow-wrap:anywhere}
        """;

    public static string Policy { get; } =
        "default-src 'none'; style-src 'sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))
        + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
}
