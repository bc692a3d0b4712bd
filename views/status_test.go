package views

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

func TestFloodsAndLossesShowInTheStatusBar(t *testing.T) {
	s := *fixture()
	if line := plainStatus(&s); strings.Contains(line, "blocked") || strings.Contains(line, "lost") {
		t.Errorf("in peace: %q", line)
	}
	s.Traffic.Blocked = []netip.AddrPort{netip.MustParseAddrPort("203.0.113.7:0")}
	s.Traffic.Stats = dhtcore.NodeStats{KernelDrops: 1234}
	if line := plainStatus(&s); !strings.Contains(line, "1 blocked 1,234 lost") {
		t.Errorf("in a flood: %q", line)
	}
}

func TestARecordingThatIsWrittenShowsInTheStatusBar(t *testing.T) {
	s := *fixture()
	if line := plainStatus(&s); strings.Contains(line, "  rec") {
		t.Errorf("without one: %q", line)
	}
	s.Recording = &dhtcore.Recording{Path: "/srv/x.dhtrec", Bytes: 3_100_000}
	if line := plainStatus(&s); !strings.Contains(line, "  rec  ") {
		t.Errorf("with one: %q", line)
	}
	st := fixtureState(theme.New("mono"))
	st.Past = &screen.Past{Recording: true}
	if line := ansi.Strip(Status(&s, st, 160, 1)[0]); strings.Contains(line, "  rec  ") {
		t.Errorf("while it is replayed: %q", line)
	}
	s.Recording.Ended = "no space left on device"
	if line := plainStatus(&s); !strings.Contains(line, "  rec ended  ") {
		t.Errorf("after the end: %q", line)
	}
}

// plainStatus is the status bar without its colours.
func plainStatus(s *dhtcore.Snapshot) string {
	th := theme.New("mono")
	return ansi.Strip(Status(s, fixtureState(th), 160, 1)[0])
}

func TestTheWeatherFollowsThePhaseAndTheDoctorExplainsIt(t *testing.T) {
	s := healthy()
	if line := plainStatus(s); !strings.Contains(line, "● serving calm") {
		t.Errorf("all is well: %q", line)
	}
	s.Traffic.Methods = dhtcore.NodeStats{}.Methods
	if line := plainStatus(s); !strings.Contains(line, "● serving deaf") {
		t.Errorf("nobody queries it: %q", line)
	}
	st := fixtureState(theme.New("mono"))
	st.Doctor = true
	lines, _ := Frame(s, st, 120, 30)
	if !strings.HasPrefix(lines[2], "  weather  deaf      nobody has queried this node in 1 h: see port") {
		t.Errorf("the doctor begins with %q", lines[2])
	}
	s.Phase = dhtcore.Joining
	if line := plainStatus(s); !strings.Contains(line, "◦ joining  ") {
		t.Errorf("while it joins: %q", line)
	}
}

func TestANodeThatDoesNotServeYetSaysSo(t *testing.T) {
	s := *fixture()
	s.Nodes = append([]dhtcore.Vantage(nil), s.Nodes...)
	for mode, word := range map[dhtcore.Mode]string{
		dhtcore.ModeServing: "● serving", dhtcore.ModeProving: "◦ proving", dhtcore.ModeReadOnly: "◦ read-only",
	} {
		s.Nodes[0].Mode = mode
		if line := plainStatus(&s); !strings.Contains(line, word) {
			t.Errorf("%q, want %q", line, word)
		}
	}
}

func TestTheTabsAreThereFromSeventyCellsOn(t *testing.T) {
	s, th := fixture(), theme.New("mono")
	st := fixtureState(th)
	for width, want := range map[int]string{
		200: "1 overview 2 hashes 3 table 4 lookups",
		160: "1 overview 2 hashes 3 table 4 lookups",
		100: "1 overview 2 3 4 5",
		80:  "1 2 3 4 5",
	} {
		if line := ansi.Strip(Status(s, st, width, 1)[0]); !strings.Contains(line, want) {
			t.Errorf("%d cells: %q, want %q in it", width, line, want)
		}
	}
}

func TestAFasterRateMovesNothingElse(t *testing.T) {
	s, th := *fixture(), theme.New("mono")
	st := fixtureState(th)
	place := func() int { return strings.Index(ansi.Strip(Status(&s, st, 160, 1)[0]), "1 overview") }
	s.Traffic.InRate, s.Traffic.OutRate = 4, 9.5
	slow := place()
	s.Traffic.InRate, s.Traffic.OutRate = 184, 340
	if fast := place(); fast != slow {
		t.Errorf("the tabs begin at %d, and at %d when more passes", slow, fast)
	}
}

func TestTheStatusBarShowsWhereTheRouterForwardsFrom(t *testing.T) {
	s := *fixture()
	s.Nodes = append([]dhtcore.Vantage(nil), s.Nodes...)
	if line := plainStatus(&s); strings.Contains(line, "mapped") {
		t.Errorf("without a mapping: %q", line)
	}
	s.Nodes[0].Addr, s.Nodes[0].Mapped = netip.MustParseAddrPort("0.0.0.0:6881"), netip.MustParseAddrPort("203.0.113.7:6881")
	if line := plainStatus(&s); !strings.Contains(line, " mapped  v4") {
		t.Errorf("with a mapping: %q", line)
	}
	s.Nodes[0].Mapped = netip.MustParseAddrPort("203.0.113.7:7000")
	wide := ansi.Strip(Status(&s, fixtureState(theme.New("mono")), 200, 1)[0])
	if line := plainStatus(&s); !strings.Contains(line, " mapped:7000") || !strings.Contains(wide, "203.0.113.7:7000") {
		t.Errorf("at another port: %q, %q", line, wide)
	}
	s.Nodes[0].External = netip.MustParseAddrPort("198.51.100.4:6881")
	wide = ansi.Strip(Status(&s, fixtureState(theme.New("mono")), 200, 1)[0])
	if !strings.Contains(wide, " 198.51.100.4:6881") || strings.Contains(wide, "203.0.113.7") {
		t.Errorf("with a second NAT before the router: %q", wide)
	}
}
