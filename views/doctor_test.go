package views

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/theme"
)

// healthy is a Snapshot of a node with which all is well.
func healthy() *dhtcore.Snapshot {
	s := &dhtcore.Snapshot{At: noon, Started: noon.Add(-time.Hour), Phase: dhtcore.Serving}
	s.Nodes = []dhtcore.Vantage{{Good: 120, Questionable: 30, Mode: dhtcore.ModeServing}}
	s.Traffic.QueriesOut, s.Traffic.RepliesIn, s.Traffic.PacketsIn, s.Traffic.PacketsOut = 1000, 500, 5000, 5000
	s.Traffic.TimedOut = 500
	s.Traffic.Methods[dhtcore.GetPeers].In = 300
	s.Traffic.Limits.Packets, s.Traffic.Used.Packets = 150, 60
	s.Hashes.Requests, s.Hashes.Seen = 300, 200
	s.Nodes[0].Tallies = []dhtcore.AddrTally{{Addr: netip.MustParseAddrPort("203.0.113.7:6881"), Votes: 20}}
	s.Checkup.Hosts = []dhtcore.HostCheck{
		{Host: "dht.libtorrent.org:25401", Found: 1, RTT: 40 * time.Millisecond},
		{Host: "router.bittorrent.com:6881", Found: 1, Err: "does not reply"}}
	s.Checkup.Disks = []dhtcore.Disk{{Path: "/home/me/.local/state/dhtop", Free: 40e9, Total: 200e9}}
	return s
}

func TestTheDoctorLooksAsInTheGolden(t *testing.T) {
	s := healthy()
	s.Traffic.Methods, s.Traffic.KernelDrops = dhtcore.NodeStats{}.Methods, 1234
	st := fixtureState(theme.New("mono"))
	st.Doctor = true
	st.Terminal = dhtcore.Terminal{Name: "xterm-256color", Width: 120, Height: 40, UTF8: true, Colours: "256"}
	s.Notices = []string{"the store cannot be written: no space left on device", "no bootstrap host answers"}
	s.Warnings = []dhtcore.Event{
		{At: noon.Add(-time.Hour), Kind: dhtcore.Warning, Text: "the store is slow"},
		{At: noon, Kind: dhtcore.Warning, Text: "a source floods this node and is blocked"}}
	compare(t, "doctor.txt", album(s, st))
}

func TestTheLineAtTheTopSaysHowManyNoticesThereAre(t *testing.T) {
	s, st := healthy(), fixtureState(theme.New("mono"))
	s.Notices = []string{"the store cannot be written: no space left"}
	line := func(w int) string {
		lines, _ := Frame(s, st, w, 24)
		return strings.TrimSpace(lines[1])
	}
	if got := line(80); got != "! the store cannot be written: no space left" {
		t.Errorf("one notice: %q", got)
	}
	s.Notices = append(s.Notices, "no bootstrap host answers", "the table could not be saved")
	if got := line(80); !strings.HasPrefix(got, "! the store cannot be written: no space left ") || !strings.HasSuffix(got, "  (+2 more: D)") {
		t.Errorf("three notices: %q", got)
	}
	if got := line(40); !strings.HasPrefix(got, "! the store") || !strings.HasSuffix(got, "…  (+2 more: D)") {
		t.Errorf("three notices in 40 cells: %q", got)
	}
}

func TestTheLogCountsOnePeerAsOne(t *testing.T) {
	s, st := healthy(), fixtureState(theme.New("mono"))
	for n, want := range map[int]string{1: " 1 peer from ", 2: " 2 peers from "} {
		s.Events = []dhtcore.Event{{At: noon, Kind: dhtcore.Found, N: n, New: n}}
		if got := strings.Join(Events(s, st, 100, 3), "\n"); !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}

func TestThatOthersReachThisNodeIsNoWarning(t *testing.T) {
	s, st := healthy(), fixtureState(theme.New("mono"))
	s.Events = []dhtcore.Event{{At: noon, Kind: dhtcore.Reachable, Text: "others reach this node"}}
	got := strings.Join(Events(s, st, 100, 3), "\n")
	if !strings.Contains(got, "reachable   others reach this node") || strings.Contains(got, "warning") {
		t.Errorf("the log says %q", got)
	}
}

func TestALongNoticeTakesTwoLinesWhereThereIsRoom(t *testing.T) {
	s, st := healthy(), fixtureState(theme.New("mono"))
	s.Notices = []string{"No network: cannot resolve any of 4 bootstrap hosts (network is unreachable). Check the network and DNS. Next try in 14 s."}
	for size, want := range map[[2]int]bool{{80, 24}: true, {160, 24}: true, {80, 12}: false} {
		lines, _ := Frame(s, st, size[0], size[1])
		if whole := strings.Contains(strings.Join(lines, ""), "try in 14 s."); whole != want {
			t.Errorf("at %v the end of the notice is seen: %v", size, whole)
		}
	}
}
