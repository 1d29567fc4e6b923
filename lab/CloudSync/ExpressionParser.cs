using System.Globalization;
using System.Text;

namespace GwbCloud.Lab.CloudSync;

/// <summary>Parses attribute mapping expressions: functions, [attributes], "constants", numbers and arguments that are left out.</summary>
public sealed class ExpressionParser
{
    readonly string _text;
    int _at;

    ExpressionParser(string text) => _text = text;

    /// <summary>The tree of an expression.</summary>
    /// <exception cref="SchemaException">The text is no expression; the message names the position.</exception>
    public static MappingSource Parse(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var parser = new ExpressionParser(expression);
        var result = parser.ReadTerm();
        parser.SkipBlanks();
        return parser._at == expression.Length ? result : throw parser.Fault("nothing more");
    }

    MappingSource ReadTerm()
    {
        SkipBlanks();
        var start = _at;
        return Peek() switch
        {
            '[' => ReadAttribute(start),
            '"' => ReadString(start),
            '-' or (>= '0' and <= '9') => ReadNumber(start),
            var c when char.IsLetter(c) => ReadFunction(start),
            _ => throw Fault("an attribute, a constant or a function"),
        };
    }

    MappingSource ReadAttribute(int start)
    {
        var end = _text.IndexOf(']', _at);
        if (end < 0)
        {
            throw Fault("']'");
        }

        _at = end + 1;
        return new MappingSource { Type = SourceType.Attribute, Name = _text[(start + 1)..end].Trim(), Expression = Slice(start) };
    }

    MappingSource ReadString(int start)
    {
        var value = new StringBuilder();
        for (_at++; Peek() != '"'; _at++)
        {
            // A backslash escapes a quote and is itself everywhere else: "\," means backslash and comma.
            if (Peek() == '\\' && _at + 1 < _text.Length && _text[_at + 1] == '"')
            {
                _at++;
            }

            if (_at >= _text.Length)
            {
                throw Fault("'\"'");
            }

            value.Append(_text[_at]);
        }

        _at++;
        return new MappingSource { Type = SourceType.Constant, Name = value.ToString(), Expression = Slice(start) };
    }

    MappingSource ReadNumber(int start)
    {
        for (_at++; char.IsAsciiDigit(Peek()); _at++)
        {
        }

        return new MappingSource { Type = SourceType.Constant, Name = Slice(start), Expression = Slice(start) };
    }

    MappingSource ReadFunction(int start)
    {
        while (char.IsLetterOrDigit(Peek()))
        {
            _at++;
        }

        var name = Slice(start);
        SkipBlanks();
        if (Peek() != '(')
        {
            return bool.TryParse(name, out _)
                ? new MappingSource { Type = SourceType.Constant, Name = name, Expression = name }
                : throw Fault("'('");
        }

        _at++;
        var parameters = new List<MappingSource?>();
        while (true)
        {
            SkipBlanks();
            parameters.Add(Peek() is ',' or ')' ? null : ReadTerm());
            SkipBlanks();
            var separator = Peek();
            _at++;
            if (separator == ')')
            {
                ExpressionFunctions.Check(name, parameters);
                return new MappingSource { Type = SourceType.Function, Name = name, Expression = Slice(start), Parameters = parameters };
            }

            if (separator != ',')
            {
                _at--;
                throw Fault("',' or ')'");
            }
        }
    }

    char Peek() => _at < _text.Length ? _text[_at] : '\0';

    void SkipBlanks()
    {
        while (char.IsWhiteSpace(Peek()))
        {
            _at++;
        }
    }

    string Slice(int start) => _text[start.._at];

    SchemaException Fault(string expected) =>
        new($"The expression is not valid: expected {expected} at position {_at.ToString(CultureInfo.InvariantCulture)}.");
}
