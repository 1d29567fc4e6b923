using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Pages;

/// <summary>The headers of every page: only the app's own files, in no frame, kept nowhere.</summary>
static class PageHeaders
{
    /// <summary>Sign-in is a link and never a form, so that forms lead nowhere else.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static void Write(HttpResponse response)
    {
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = Policy;

        // Not no-referrer: with it a browser names no origin when a form is sent, and the origin is one of the proofs against foreign forms.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
