using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// Waits for the end of a process that another process started. .NET can wait only for its own children; Linux reports the end
/// of any process to a file descriptor of it (pidfd_open(2)).
/// </summary>
internal static class ProcessEnd
{
    /// <summary>Returns when the process has ended, also if its parent has not read its exit code yet.</summary>
    /// <exception cref="TimeoutException">It has not ended after the longest wait of a test.</exception>
    public static Task WaitAsync(int process) => Task.Run(() => Wait(process));

    /// <summary>Whether the process has ended.</summary>
    public static bool Reached(int process) => Ended(process, TimeSpan.Zero);

    private static void Wait(int process)
    {
        if (!Ended(process, Patience.Longest))
            throw new TimeoutException($"Process {process} has not ended after {Patience.Longest.TotalMinutes} minutes.");
    }

    private static bool Ended(int process, TimeSpan patience)
    {
        const long pidfdOpen = 434; // the same number on all architectures
        const int noSuchProcess = 3;
        const int interrupted = 4;
        using var handle = new SafeFileHandle((nint)syscall(pidfdOpen, process, 0), ownsHandle: true);
        if (handle.IsInvalid)
            return Marshal.GetLastPInvokeError() == noSuchProcess ? true : throw new Win32Exception();
        var wanted = new Poll { File = (int)handle.DangerousGetHandle(), Events = 1 };
        while (true)
        {
            var ended = poll(ref wanted, 1, (int)patience.TotalMilliseconds);
            // A signal, such as the end of a child of this process, interrupts the wait.
            if (ended >= 0)
                return ended == 1;
            if (Marshal.GetLastPInvokeError() != interrupted)
                throw new Win32Exception();
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern long syscall(long number, long process, long flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int poll(ref Poll files, ulong count, int milliseconds);

    private struct Poll
    {
        public int File;
        public short Events;
        public short Returned;
    }
}
