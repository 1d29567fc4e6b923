namespace GwbCloud.Lab.Tenant.OData;

/// <summary>Takes a $filter apart into words, literals and signs.</summary>
static class FilterTokens
{
    public static GraphException Fault(string near) => GraphException.BadRequest($"Invalid filter clause: syntax error near '{near}'.");

    public static List<string> Of(string text)
    {
        var tokens = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            if (text[i] == '\'')
            {
                // Two quotes inside are one.
                for (i++; i < text.Length && (text[i] != '\'' || (i + 1 < text.Length && text[i + 1] == '\'')); i++)
                {
                    i += text[i] == '\'' ? 1 : 0;
                }

                i++;
            }
            else if (text[i] is '(' or ')' or ',' || (text[i] == ':' && !char.IsDigit(text[start])))
            {
                i++;
            }
            else
            {
                // A colon ends a variable of any(c:…) but not the time of day of a moment.
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('(' or ')' or ',' or '\'')
                    && (text[i] != ':' || char.IsDigit(text[start])))
                {
                    i++;
                }
            }

            tokens.Add(i <= text.Length ? text[start..i] : throw Fault(text[start..]));
        }

        return tokens;
    }
}
