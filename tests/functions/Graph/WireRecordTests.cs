using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Operations.Writeback;

namespace GwbCloud.Tests.Functions.Graph;

/// <summary>What becomes of members that Graph leaves out: generated metadata ignores initialisers.</summary>
public class WireRecordTests
{
    static readonly IReadOnlyDictionary<string, Type> Types = Found().ToDictionary(Name);

    public static TheoryData<string> Names => [.. Types.Keys.Order()];

    [Fact]
    public void Contexts_OfGraph_NameTheirWireTypes()
        => Assert.Superset(
            new HashSet<Type> { typeof(AppRole), typeof(GraphPage<RemoteJob>), typeof(CloudSyncRemote.SecretList), typeof(BatchReplyItem) },
            Types.Values.ToHashSet());

    [Theory]
    [MemberData(nameof(Names))]
    public void Members_LeftOut_AreWhatTheRecordSays(string type)
    {
        var info = GraphJson.Options.GetTypeInfo(Types[type]);

        var read = JsonSerializer.Deserialize(Least(info), info)!;

        var fresh = Activator.CreateInstance(Types[type])!;
        foreach (var member in Members(info).Where(m => !m.Required))
        {
            var value = member.Property.GetValue(read);
            Assert.True(value is not null || member.MayBeNull, $"{type}.{member.Property.Name} is null");
            Assert.True(value is IEnumerable and not string || Equals(value, member.Property.GetValue(fresh)), $"{type}.{member.Property.Name} is {value}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Lists_ThatAreNull_AreNotTakenForLists(string type)
    {
        var info = GraphJson.Options.GetTypeInfo(Types[type]);

        foreach (var member in Members(info).Where(m => IsList(m.Property.PropertyType) && !m.MayBeNull && Answered(Types[type])))
        {
            var json = Least(info);
            json[member.Name] = null;

            if (member.Required)
            {
                Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, info));
            }
            else
            {
                Assert.NotNull(member.Property.GetValue(JsonSerializer.Deserialize(json, info)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EmptyObject_OfATypeThatNeedsMembers_IsRefused(string type)
    {
        var info = GraphJson.Options.GetTypeInfo(Types[type]);

        Assert.Equal(Members(info).Any(m => m.Required), Record.Exception(() => JsonSerializer.Deserialize("{}", info)) is JsonException);
    }

    [Fact]
    public void Page_WithoutItsItems_IsUnreadable()
    {
        var page = GraphJson.Info<GraphPage<RemoteJob>>();

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("{}", page));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"value":null}""", page));
        Assert.Empty(JsonSerializer.Deserialize("""{"value":[]}""", page)!.Value);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(""","isEnabled":true""", true)]
    [InlineData(""","isEnabled":false""", false)]
    public void AppRole_ThatDoesNotSayWhetherItIsEnabled_IsEnabled(string said, bool counts)
    {
        var role = NationalCloud.Global.GroupScopeRole;
        var principal = JsonSerializer.Deserialize(
            $$"""{"id":"{{Guid.NewGuid()}}","appRoles":[{"id":"{{role}}","allowedMemberTypes":["User"]{{said}}}]}""", GraphJson.Info<CloudSyncPrincipal>())!;

        Assert.Equal(counts ? role : null, principal.ScopeRole(NationalCloud.Global));
    }

    // What is only sent is never null, and nobody reads it.
    static bool Answered(Type type) => type != typeof(BatchBody) && type != typeof(NewGroupSetting) && type != typeof(GroupSettingValues);

    static JsonObject Least(JsonTypeInfo info)
        => new(Members(info).Where(m => m.Required).Select(m => KeyValuePair.Create<string, JsonNode?>(m.Name, Sample(m.Property.PropertyType))));

    static JsonNode Sample(Type type)
        => IsList(type) ? new JsonArray() : type == typeof(Guid) ? JsonValue.Create(Guid.Empty) : type == typeof(string) ? JsonValue.Create("x") : new JsonObject();

    static List<Member> Members(JsonTypeInfo info) =>
    [
        .. info.Properties.Select(p => (Json: p, Property: p.AttributeProvider as PropertyInfo)).Where(p => p.Property is { CanWrite: true }).Select(p => new Member(
            p.Json.Name, p.Property!, p.Json.IsRequired, new NullabilityInfoContext().Create(p.Property!).ReadState == NullabilityState.Nullable)),
    ];

    static bool IsList(Type type) => type != typeof(string) && !IsNode(type) && type.IsAssignableTo(typeof(IEnumerable));

    static bool IsNode(Type type) => type.IsAssignableTo(typeof(JsonNode)) || type == typeof(JsonElement);

    // Every type that a context of Graph's JSON is declared for, and those that they are made of.
    static HashSet<Type> Found()
    {
        var found = new HashSet<Type>();
        var open = new Queue<Type>(typeof(GraphJson).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(JsonSerializerContext)))
            .SelectMany(t => t.GetCustomAttributesData())
            .Where(a => a.AttributeType == typeof(JsonSerializableAttribute))
            .Select(a => (Type)a.ConstructorArguments[0].Value!));
        while (open.TryDequeue(out var type))
        {
            foreach (var part in type.IsGenericType ? type.GetGenericArguments() : [])
            {
                open.Enqueue(part);
            }

            if (type.Assembly != typeof(GraphJson).Assembly || type.IsEnum || !found.Add(type))
            {
                continue;
            }

            foreach (var member in GraphJson.Options.GetTypeInfo(type).Properties)
            {
                open.Enqueue(member.PropertyType);
            }
        }

        return found;
    }

    static string Name(Type type) => type.IsGenericType ? $"{type.Name[..^2]} of {string.Join(", ", type.GetGenericArguments().Select(Name))}" : $"{type.DeclaringType?.Name}{type.Name}";

    sealed record Member(string Name, PropertyInfo Property, bool Required, bool MayBeNull);
}
