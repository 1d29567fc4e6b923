namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

/// <summary>XML in the form of csexport.</summary>
static class PendingXml
{
    public static string Document(string objects) => $"""<?xml version="1.0" encoding="UTF-16"?><cs-objects>{objects}</cs-objects>""";

    public static string Object(string dn, string operation, string delta = "", string before = "", string after = "", string newDn = "", string type = "group") =>
        $"""
        <cs-object cs-dn="{dn}" id="1" object-type="{type}">
          <unapplied-export><delta operation="{operation}" dn="{dn}"{(newDn.Length > 0 ? $" newdn=\"{newDn}\"" : "")}><anchor encoding="base64">AA==</anchor>{delta}</delta></unapplied-export>
          <synchronized-hologram><entry dn="{dn}">{before}</entry></synchronized-hologram>
          <unapplied-export-hologram><entry dn="{dn}">{after}</entry></unapplied-export-hologram>
        </cs-object>
        """;

    public static string Attribute(string name, string value) => $"""<attr name="{name}" type="string"><value>{value}</value></attr>""";

    public static string Members(params string[] names) =>
        $"""<dn-attr name="member">{string.Concat(names.Select(name => $"<dn-value><dn>{name}</dn></dn-value>"))}</dn-attr>""";
}
