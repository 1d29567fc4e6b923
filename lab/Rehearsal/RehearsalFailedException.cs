namespace GwbCloud.Lab.Rehearsal;

/// <summary>The rehearsal itself could not go on: nothing that the migration or its people decided.</summary>
public sealed class RehearsalFailedException(string message, Exception? inner = null) : Exception(message, inner);
