using System.Security.Cryptography;
using System.Text;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Tests.Functions.Reporting;

public sealed class HtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\" onload='x'", "&quot; onload=&#x27;x&#x27;")]
    [InlineData("&lt;", "&amp;lt;")]
    [InlineData("a\u202Egpj.exe", "a[U202E]gpj.exe")]
    [InlineData("a\0b\u2066c\uFEFF", "a[U0000]b[U2066]c[UFEFF]")]
    [InlineData("Grüße 日本", "Grüße 日本")]
    [InlineData(null, "")]
    public void Hole_HoldsText_NeverMarkup(string? value, string encoded) => Assert.Equal($"<b title=\"{encoded}\">{encoded}</b>", Html.Of($"<b title=\"{value}\">{value}</b>").ToString());

    [Fact]
    public void Hole_HoldsHtml_StaysHtml()
    {
        IReadOnlyList<string> given = ["<a>", "b"];
        var names = given.Select(name => Html.Of($"<li>{name}</li>"));

        Assert.Equal("<ul><li>&lt;a&gt;</li><li>b</li></ul> 1,234", Html.Of($"<ul>{names}</ul> {1_234}").ToString());
    }

    [Fact]
    public void Page_AllowsItsOwnStyleAndNothingElse()
    {
        var page = HtmlPage.Render("t", Html.Of($"x"));

        var style = page[(page.IndexOf("<style>", StringComparison.Ordinal) + 7)..page.IndexOf("</style>", StringComparison.Ordinal)];
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", HtmlPage.ContentSecurityPolicy);
        Assert.DoesNotContain("url(", style, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', style);
    }
}
