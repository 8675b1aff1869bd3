using System.Globalization;

namespace InfraCdktf.Tests.Support;

/// <summary>Cultures that break careless code: Turkish (i and I), Arabic (other digits, signs and calendar), German (decimal comma).</summary>
public static class Cultures
{
    /// <summary>The names, as test data.</summary>
    public static TheoryData<string> Names => new("tr-TR", "ar-SA", "de-DE", "fa-IR");

    /// <summary>Runs under a culture and returns to the one before.</summary>
    public static T Under<T>(string name, Func<T> action)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(name);
            return action();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
