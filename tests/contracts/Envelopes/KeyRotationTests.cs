using System.Security.Cryptography;
using GwbCloud.Contracts.Envelopes;

namespace GwbCloud.Tests.Contracts.Envelopes;

/// <summary>One key replaces another with an overlap, in which both count.</summary>
public sealed class KeyRotationTests : IDisposable
{
    private static readonly DateTimeOffset Begin = EnvelopeTests.Command().IssuedAt;

    private readonly ECDsa _old = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ManualClock _clock = new(Begin);
    private readonly EnvelopeVerifier _verifier;

    public KeyRotationTests() => _verifier = new(
        [
            PinnedKey.Of("old", _old) with { NotAfter = Begin.AddHours(2) },
            PinnedKey.Of("next", _next) with { NotBefore = Begin.AddHours(1) },
        ],
        _clock,
        new() { Tenant = EnvelopeTests.Command().Tenant, Server = EnvelopeTests.Command().Server });

    public void Dispose()
    {
        _old.Dispose();
        _next.Dispose();
    }

    [Theory]
    [InlineData(0, null, "GWB7217")]
    [InlineData(59, null, "GWB7217")]
    [InlineData(60, null, null)]
    [InlineData(119, null, null)]
    [InlineData(120, "GWB7217", null)]
    [InlineData(9999, "GWB7217", null)]
    public void Keys_BeforeInAndAfterTheOverlap_CountInTheirOwnTime(int minutes, string? old, string? next)
    {
        _clock.Now = Begin.AddMinutes(minutes);

        Assert.Equal(old, CodeOf(_old, "old"));
        Assert.Equal(next, CodeOf(_next, "next"));
    }

    [Fact]
    public void OldKey_AfterItsEnd_IsRefusedAlsoForWhatItClaimsToHaveSignedBefore()
    {
        var text = new EnvelopeSigner(_old, "old").Sign(EnvelopeTests.Command() with { IssuedAt = Begin.AddMinutes(115), ExpiresAt = Begin.AddMinutes(130) });

        _clock.Now = Begin.AddMinutes(121);

        Assert.Equal("GWB7217", _verifier.VerifyCommand(text).Refusal?.Code);
    }

    [Fact]
    public void Key_UnderTheNameOfTheOther_IsRefused() => Assert.Equal("GWB7207", CodeOf(_next, "old"));

    [Fact]
    public void Verdict_OfAnEnvelope_NamesTheKeyThatTheHeaderClaims()
    {
        Assert.Equal("old", _verifier.VerifyCommand(new EnvelopeSigner(_old, "old").Sign(EnvelopeTests.Command())).Kid);
        Assert.Equal("stranger", _verifier.VerifyCommand(new EnvelopeSigner(_old, "stranger").Sign(EnvelopeTests.Command())).Kid);
        Assert.Null(_verifier.VerifyCommand("no envelope").Kid);
    }

    [Fact]
    public void Refusal_ForTheClock_TellsBothClocks()
    {
        var text = new EnvelopeSigner(_old, "old").Sign(EnvelopeTests.Command());

        _clock.Now = Begin.AddMinutes(-30);
        var early = _verifier.VerifyCommand(text).Refusal!;
        _clock.Now = Begin.AddMinutes(40);
        var late = _verifier.VerifyCommand(text).Refusal!;

        Assert.Equal(("GWB7210", "GWB7209"), (early.Code, late.Code));
        Assert.Contains($"read {Begin:u} at signing", early.Message, StringComparison.Ordinal);
        Assert.Contains($"this clock reads {Begin.AddMinutes(-30):u}", early.Message, StringComparison.Ordinal);
        Assert.Contains($"this clock reads {Begin.AddMinutes(40):u}", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_WithControlCharactersOrWithoutEnd_AreRefused()
    {
        Assert.Equal("GWB7208", CodeOf(EnvelopeTests.Command() with { CommandId = "a\nb" }));
        Assert.Equal("GWB7208", CodeOf(EnvelopeTests.Command() with { CommandId = new string('a', 129) }));
        Assert.Equal("GWB7208", CodeOf(EnvelopeTests.Command() with { Migration = new string('m', 129) }));
        Assert.Equal("GWB7208", CodeOf(EnvelopeTests.Command() with { Migration = "m\u0085" }));
        Assert.Equal("GWB7208", CodeOf(EnvelopeTests.Command() with { PlanHash = "" }));
        Assert.Null(CodeOf(EnvelopeTests.Command() with { PlanHash = null }));
    }

    private string? CodeOf(CommandEnvelope command) => _verifier.VerifyCommand(new EnvelopeSigner(_old, "old").Sign(command)).Refusal?.Code;

    private string? CodeOf(ECDsa key, string kid) => _verifier.VerifyCommand(new EnvelopeSigner(key, kid).Sign(
        EnvelopeTests.Command() with { IssuedAt = _clock.Now, ExpiresAt = _clock.Now.AddMinutes(10) })).Refusal?.Code;
}
