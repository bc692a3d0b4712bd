package dhtcore

import (
	"strings"
	"testing"
	"time"
)

func TestAnExplorerThatDoesNotGoOnIsStuck(t *testing.T) {
	e := start(t, Config{Bind: loopback, Bootstrap: []string{}})
	eventually(t, e, "housekeeping", func(*Snapshot) bool { return e.housekeeping.at.Load() != 0 })
	if parts := e.Stuck(time.Now()); parts != nil {
		t.Errorf("it runs, but: %q", parts)
	}
	later := e.Stuck(time.Now().Add(housekeepingStuck + time.Minute))
	if len(later) != 1 || !strings.Contains(later[0], "housekeeping") { // the sockets wait for packets, however long
		t.Errorf("%q", later)
	}
}
