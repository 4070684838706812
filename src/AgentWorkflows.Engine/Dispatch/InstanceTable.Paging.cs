using System.Diagnostics.CodeAnalysis;

namespace AgentWorkflows.Engine.Dispatch;

/// <summary>Busy instances that wait on disk, in pages by their keys, for as long as there is room.</summary>
internal sealed partial class InstanceTable
{
    private void Continue()
    {
        lock (_gate)
        {
            if (!_backlog || _paging || _isStopped)
            {
                return;
            }
            _paging = true;
        }
        _core.Queue(this);
    }

    [SuppressMessage("Design", "CA1031", Justification = "A failed read is logged and tried again.")]
    public void Execute()
    {
        var failed = false;
        try
        {
            while (HasRoom() && NextPage())
            {
            }
        }
        catch (Exception e)
        {
            _core.Logger.PagingFailed(e);
            failed = true;
        }
        lock (_gate)
        {
            _paging = false;
            _backlog |= failed;
            if (_isStopped)
            {
                return;
            }
        }
        if (failed)
        {
            _retry?.Dispose();
            _retry = _core.TryAgain(static table => ((InstanceTable)table!).Continue(), this);
        }
        // Room that was made while this was ending was not looked at.
        else if (HasRoom())
        {
            Continue();
        }
    }

    private bool NextPage()
    {
        lock (_gate)
        {
            if (!_backlog)
            {
                return false;
            }
            _backlog = false;
            _isAskedAgain &= _pagedKey > 0;
        }
        var page = _core.Store.PageBusy(_pagedKey, PageSize);
        var loaded = 0;
        foreach (var (key, id) in page)
        {
            if (!_runners.ContainsKey(id))
            {
                if (!HasRoom())
                {
                    break;
                }
                Deliver(id, Wake.Instance);
            }
            _pagedKey = key;
            loaded++;
        }
        lock (_gate)
        {
            // Instances that became busy behind the position are found by the next round, which LoadBusy asked for.
            var atEnd = loaded == page.Count && page.Count < PageSize;
            _pagedKey = atEnd ? 0 : _pagedKey;
            _backlog |= !atEnd || _isAskedAgain;
            return loaded > 0 && _backlog;
        }
    }
}
