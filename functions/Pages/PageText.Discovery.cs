using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Pages;

static partial class PageText
{
    /// <summary>The words of a discovery; what its items say comes with the report.</summary>
    public static class Discoveries
    {
        public const string Title = "Group writeback as it is";
        public const string What = "What the plan document for group writeback says, item by item, beside what this tenant has.";
        public const string ReadAt = "Read";
        public const string Item = "Item";
        public const string Says = "The document says";
        public const string Default = "Default";
        public const string Limit = "Limit";
        public const string Here = "Here";
        public const string ReadFrom = "Read from";
        public const string Meaning = "Meaning";
        public const string Report = "The whole report on one page, for paper";
        public const string None = "This assessment was made by a version that reported none.";
        public const string Reads = "It has read everything; its report is there. Nothing was written.";
        public const string Word = "read";

        public static string Part(DiscoveryPart part) => Reporting.Words.Of(part);

        public static string Standing(DiscoveryStanding standing) => Reporting.Words.Of(standing);
    }
}
