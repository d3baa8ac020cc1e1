"""Where runs are trained: in this process, or in host processes on this machine."""
