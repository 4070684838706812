namespace AgentWorkflows.Connectors.Mcp;

/// <summary>Bounds every answer while it is read: a stream of events by its lines, everything else as a whole. Redirects are not followed: headers have secrets.</summary>
internal sealed class BoundedResponses(int maxBytes) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var events = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var bounded = new StreamContent(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), maxBytes, events));
        foreach (var header in response.Content.Headers)
        {
            bounded.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
        response.Content = bounded;
        return response;
    }
}
