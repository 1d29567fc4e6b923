namespace GwbCloud.Lab.People;

/// <summary>The product answered a person otherwise than a person could work with.</summary>
public sealed class ApiException(string message) : Exception(message);
