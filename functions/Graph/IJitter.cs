namespace GwbCloud.Functions.Graph;

/// <summary>Chance in a back-off, so that many who failed together do not come back together.</summary>
public interface IJitter
{
    /// <summary>A number from 0 up to, not including, 1.</summary>
    /// <param name="request">What is asked again.</param>
    /// <param name="attempt">Tries so far.</param>
    double Of(string request, int attempt);
}

/// <summary>True chance.</summary>
public sealed class RandomJitter : IJitter
{
    public double Of(string request, int attempt) => Random.Shared.NextDouble();
}
