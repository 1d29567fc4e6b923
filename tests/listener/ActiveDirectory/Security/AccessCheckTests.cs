using GwbCloud.RelayListener.ActiveDirectory.Security;

namespace GwbCloud.Tests.Listener.ActiveDirectory.Security;

public sealed class AccessCheckTests
{
    static readonly Guid Group = new("bf967a9c-0de6-11d0-a285-00aa003049e2");
    static readonly Guid Anchor = new("bd29bf90-66ad-40e1-887b-10df070419a6");
    static readonly Guid Personal = new("77b5b886-944a-11d1-aebd-0000f80367c1");
    static readonly Guid Other = new("bf967950-0de6-11d0-a285-00aa003049e2");
    static readonly Sid Me = Sid.Parse("S-1-5-21-1-2-3-1105");
    static readonly Sid MyGroup = Sid.Parse("S-1-5-21-1-2-3-1200");
    static readonly Sid Stranger = Sid.Parse("S-1-5-21-1-2-3-1300");
    static readonly AccessToken Token = AccessToken.Of(Me, [MyGroup]);
    static readonly AccessRequest WriteAnchor = new() { Rights = DirectoryRights.WriteProperty, Parts = [Anchor, Personal, Group] };

    [Fact]
    public void NoList_AllowsAll_AnEmptyOneNothing()
    {
        Assert.True(AccessCheck.Allows(new() { Control = SecurityControl.None }, Token, WriteAnchor));
        Assert.False(AccessCheck.Allows(Of(), Token, WriteAnchor));
    }

    [Fact]
    public void Entry_ForTheWholeTheAttributeItsSetOrTheClass_Allows()
    {
        foreach (Guid? part in new Guid?[] { null, Anchor, Personal, Group }) { Assert.True(AccessCheck.Allows(Of(Allow(Me, part)), Token, WriteAnchor)); }
        Assert.False(AccessCheck.Allows(Of(Allow(Me, Other)), Token, WriteAnchor));
    }

    [Fact]
    public void Entry_ForAGroupOrForEverybody_CountsForItsMembers()
    {
        foreach (var trustee in new[] { MyGroup, Sid.Parse("S-1-1-0"), Sid.Parse("S-1-5-11"), Sid.Parse("S-1-5-15"), Sid.Parse("S-1-5-2") })
        {
            Assert.True(AccessCheck.Allows(Of(Allow(trustee)), Token, WriteAnchor));
        }
        Assert.False(AccessCheck.Allows(Of(Allow(Stranger)), Token, WriteAnchor));
    }

    [Fact]
    public void OrderOfEntries_Decides()
    {
        Assert.False(AccessCheck.Allows(Of(Deny(MyGroup), Allow(Me)), Token, WriteAnchor));
        // An own permission stands before an inherited denial, and so wins, as in every canonical list.
        Assert.True(AccessCheck.Allows(Of(Allow(Me), Deny(MyGroup) with { Inheritance = AceInheritance.Inherited }), Token, WriteAnchor));
    }

    [Fact]
    public void Denial_OfAnotherPartOrForHeirsOnly_DoesNotCount()
    {
        Assert.True(AccessCheck.Allows(Of(Deny(Me, Other), Allow(Me)), Token, WriteAnchor));
        Assert.True(AccessCheck.Allows(Of(Deny(Me) with { Inheritance = AceInheritance.InheritOnly | AceInheritance.ContainerInherit }, Allow(Me)), Token, WriteAnchor));
        Assert.False(AccessCheck.Allows(Of(Deny(Me, Personal), Allow(Me)), Token, WriteAnchor));
    }

    [Fact]
    public void GenericRights_StandForWhatTheyMean()
    {
        Assert.True(AccessCheck.Allows(Of(Allow(Me) with { Rights = DirectoryRights.GenericAll }), Token, new() { Rights = DirectoryRights.Delete }));
        Assert.True(AccessCheck.Allows(Of(Allow(Me) with { Rights = DirectoryRights.GenericWrite }), Token, WriteAnchor));
        Assert.False(AccessCheck.Allows(Of(Allow(Me) with { Rights = DirectoryRights.GenericWrite }), Token, new() { Rights = DirectoryRights.Delete }));
        Assert.False(AccessCheck.Allows(Of(Allow(Me) with { Rights = DirectoryRights.GenericRead }), Token, WriteAnchor));
    }

    [Fact]
    public void SeveralRights_MustAllBeAllowed_ByWhicheverEntries()
    {
        var both = new AccessRequest { Rights = DirectoryRights.WriteProperty | DirectoryRights.Delete };

        Assert.False(AccessCheck.Allows(Of(Allow(Me)), Token, both));
        Assert.True(AccessCheck.Allows(Of(Allow(Me), Allow(MyGroup) with { Rights = DirectoryRights.Delete }), Token, both));
    }

    [Fact]
    public void Owner_MayChangeTheListAndNothingElse_UnlessEntriesSayWhatOwnersMay()
    {
        var changeList = new AccessRequest { Rights = DirectoryRights.WriteDacl };
        var mine = Of() with { Owner = Me };

        Assert.True(AccessCheck.Allows(mine, Token, changeList));
        Assert.False(AccessCheck.Allows(mine, Token, WriteAnchor));
        Assert.False(AccessCheck.Allows(Of(Allow(WellKnown("S-1-3-4"))) with { Owner = Me }, Token, changeList));
        Assert.True(AccessCheck.Allows(Of(Allow(WellKnown("S-1-3-4"))) with { Owner = Me }, Token, WriteAnchor));
        Assert.False(AccessCheck.Allows(Of(Allow(WellKnown("S-1-3-4"))) with { Owner = Stranger }, Token, WriteAnchor));
    }

    [Fact]
    public void EntryForTheObjectItself_MeansTheGroupsMembers()
    {
        var list = Of(Allow(WellKnown("S-1-5-10")));

        Assert.True(AccessCheck.Allows(list, Token, WriteAnchor, self: MyGroup));
        Assert.False(AccessCheck.Allows(list, Token, WriteAnchor, self: Stranger));
        Assert.False(AccessCheck.Allows(list, Token, WriteAnchor));
    }

    [Fact]
    public void EntriesWithConditions_MakeTheAnswerUnknownWhereTheyMightTurnIt()
    {
        Assert.Null(AccessCheck.Allows(Of(Allow(Me)) with { UnknownTypes = [0x0A] }, Token, WriteAnchor));
        Assert.Null(AccessCheck.Allows(Of() with { UnknownTypes = [0x09] }, Token, WriteAnchor));
        Assert.True(AccessCheck.Allows(Of(Allow(Me)) with { UnknownTypes = [0x09] }, Token, WriteAnchor));
        Assert.False(AccessCheck.Allows(Of() with { UnknownTypes = [0x0A] }, Token, WriteAnchor));
    }

    [Fact]
    public void NewGroup_TakesWhatIsMeantForItsClass()
    {
        var heir = AceInheritance.ContainerInherit | AceInheritance.InheritOnly;

        bool? MayWrite(Ace entry) => AccessCheck.Allows(Of(entry).HandedDownTo(Group), Token, WriteAnchor);

        Assert.True(MayWrite(Allow(Me) with { Inheritance = heir, InheritedObjectType = Group }));
        Assert.True(MayWrite(Allow(Me) with { Inheritance = AceInheritance.ContainerInherit | AceInheritance.NoPropagate }));
        Assert.False(MayWrite(Allow(Me) with { Inheritance = heir, InheritedObjectType = Other }));
        Assert.False(MayWrite(Allow(Me)));
        Assert.False(MayWrite(Allow(Me) with { Inheritance = AceInheritance.ObjectInherit | AceInheritance.InheritOnly }));
    }

    [Fact]
    public void ProtectionFromDeletion_IsADenialToEverybodyOnTheObject()
    {
        var everybody = WellKnown("S-1-1-0");
        var denial = Deny(everybody) with { Rights = DirectoryRights.Delete | DirectoryRights.DeleteTree };

        Assert.True(GroupRights.IsProtected(Of(denial)));
        Assert.False(GroupRights.IsProtected(Of(denial with { Trustee = Stranger })));
        Assert.False(GroupRights.IsProtected(Of(denial with { Inheritance = AceInheritance.ContainerInherit | AceInheritance.InheritOnly })));
        Assert.False(GroupRights.IsProtected(Of(denial with { Kind = AceKind.Allow })));
    }

    static Sid WellKnown(string sid) => Sid.Parse(sid);

    static SecurityDescriptor Of(params Ace[] entries) => new() { Control = SecurityControl.DaclPresent, Dacl = entries };

    static Ace Allow(Sid trustee, Guid? part = null) =>
        new() { Kind = AceKind.Allow, Inheritance = AceInheritance.None, Rights = DirectoryRights.WriteProperty, Trustee = trustee, ObjectType = part };

    static Ace Deny(Sid trustee, Guid? part = null) => Allow(trustee, part) with { Kind = AceKind.Deny };
}
