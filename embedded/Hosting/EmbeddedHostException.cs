namespace GwbCloud.Embedded.Hosting;

/// <summary>The function app can't start; the message names the function or file and the remedy.</summary>
public sealed class EmbeddedHostException(string message, Exception? inner = null) : Exception(message, inner);
