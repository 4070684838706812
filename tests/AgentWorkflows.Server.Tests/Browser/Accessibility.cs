using Xunit;

namespace AgentWorkflows.Server.Tests.Browser;

/// <summary>What an accessibility checker looks for first: contrast, names of controls, ids, headings, and nothing wider than the screen.</summary>
internal static class Accessibility
{
    private const string Script = """
        () => {
          const problems = [];
          const visible = (e) => { const b = e.getBoundingClientRect(); const s = getComputedStyle(e); return b.width > 1 && b.height > 1 && s.visibility !== 'hidden' && !e.closest('.visually-hidden, [hidden], [aria-hidden=true]'); };
          const rgba = (text) => { const m = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0]; return m.length < 4 ? [...m.slice(0, 3), 1] : m; };
          const over = (top, under) => { const a = top[3]; return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a)).concat(1); };
          const behind = (e) => { const layers = []; for (let at = e; at; at = at.parentElement) { const c = rgba(getComputedStyle(at).backgroundColor); if (c[3] > 0) layers.push(c); if (c[3] === 1) break; } return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]); };
          const luminance = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
          const show = (e) => `${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className} "${(e.textContent ?? '').trim().slice(0, 40)}"`;
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node; (node = walker.nextNode());) {
            const e = node.parentElement;
            if (!node.data.trim() || !visible(e) || e.closest('svg') || e.disabled) continue;
            const style = getComputedStyle(e);
            const back = behind(e);
            const size = parseFloat(style.fontSize);
            const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
            const found = ratio(over(rgba(style.color), back), back);
            if (found < needed) problems.push(`contrast ${found.toFixed(2)} of ${needed}: ${show(e)}`);
          }
          const named = (e) => e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') ?? '').split(' ').some((id) => id && document.getElementById(id)?.textContent.trim()) || e.labels?.length || e.textContent.trim() || e.title;
          for (const e of document.querySelectorAll('button, a[href], input, select, textarea, [role=tab], [role=listbox], dialog, svg[role=img]')) {
            if (visible(e) && !named(e)) problems.push(`no name: ${show(e)} ${e.outerHTML.slice(0, 90)}`);
            if (visible(e) && ['INPUT', 'SELECT', 'TEXTAREA'].includes(e.tagName) && !e.labels?.length && !e.getAttribute('aria-label')) problems.push(`no label: ${e.outerHTML.slice(0, 90)}`);
          }
          const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
          ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => problems.push(`id twice: ${id}`));
          for (const e of document.querySelectorAll('[aria-controls], [aria-describedby], [aria-activedescendant]')) {
            for (const name of ['aria-controls', 'aria-describedby', 'aria-activedescendant']) {
              (e.getAttribute(name) ?? '').split(' ').filter((id) => id && !document.getElementById(id)).forEach((id) => problems.push(`${name} names nothing: ${id}`));
            }
          }
          if (document.querySelectorAll('h1').length !== 1) problems.push(`${document.querySelectorAll('h1').length} first headings`);
          if (!document.documentElement.lang || !document.title) problems.push('no language or title');
          if (document.documentElement.scrollWidth > innerWidth) problems.push(`wider than the screen: ${document.documentElement.scrollWidth} of ${innerWidth}`);
          return problems;
        }
        """;

    public static async Task AssertAsync(ConsolePage console, string where)
    {
        var problems = (await console.EvaluateAsync(Script)).EnumerateArray().Select(problem => problem.GetString()).ToList();
        Assert.True(problems.Count == 0, $"{where}:\n{string.Join('\n', problems)}");
    }
}
