package views

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

const (
	deaf     = "http://10.0.0.1:6880 does not answer: connection refused"
	onlooker = "read-only: commands need the token in the data directory of that dhtop"
)

// links are how a connection may fare.
var links = []screen.Link{
	{Name: "10.0.0.1:6880", For: 4 * time.Second, Why: deaf},
	{Name: "10.0.0.1:6880", Phase: screen.LinkConnected},
	{Name: "10.0.0.1:6880", Phase: screen.LinkRefused, For: 2 * time.Minute, Why: "what runs at http://10.0.0.1:6880 cannot be attached to: it is an older dhtop, or none"},
	{Name: "serve, pid 1234", Phase: screen.LinkConnected, Shown: true},
	{Name: "10.0.0.1:6880", Phase: screen.LinkConnected, Shown: true, ReadOnly: onlooker},
	{Name: "10.0.0.1:6880", Phase: screen.LinkLost, Shown: true, For: 7 * time.Second, Why: deaf},
	{Name: "10.0.0.1:6880", Phase: screen.LinkConnected, Shown: true, Lacks: "dhtop 9 there knows more than this one can show: 2 fields; update this one"},
	{Name: "10.0.0.1:6880", Phase: screen.LinkRefused, Shown: true, For: 7 * time.Second, Why: "dhtop 9 at http://10.0.0.1:6880 speaks version 9 of the protocol of attach, this dhtop 1 version 4: update the older one"},
	{Name: "10.0.0.1:6880", Phase: screen.LinkRefused, Shown: true, For: 7 * time.Second, Why: "the token is not that of this dhtop"},
}

func TestConnectionsLookAsInTheGolden(t *testing.T) {
	st := fixtureState(theme.New("mono"))
	var b bytes.Buffer
	show := func(lines int) {
		for _, size := range sizes {
			s := recorded(t, fixture())
			if !st.Link.Shown {
				s = new(dhtcore.Snapshot)
			}
			frame, _ := Frame(s, st, size.w, size.h)
			b.WriteString("==\n" + strings.Join(frame[:min(lines, len(frame))], "|\n") + "|\n")
		}
	}
	for i := range links {
		st.Link = &links[i]
		lines := 5
		if !st.Link.Shown {
			lines = 8
		}
		show(lines)
	}
	st.Targets = []screen.Target{{Name: "seedbox", Phase: screen.LinkConnected}, {Name: "home", Phase: screen.LinkLost, Current: true},
		{Name: "10.0.0.1:6880", Phase: screen.LinkRefused}, {Name: "unix:/a/path/that/is/longer/than/there/is/room/for", Phase: screen.LinkConnecting}}
	for current := range st.Targets {
		for i := range st.Targets {
			st.Targets[i].Current = i == current
		}
		show(2)
	}
	compare(t, "link.txt", b.Bytes())
}

func TestAClickOnANodeShowsIt(t *testing.T) {
	st := fixtureState(theme.New("mono"))
	st.Targets = []screen.Target{{Name: "seedbox", Current: true}, {Name: "home"}}
	seen := map[int]bool{}
	for x := range 120 {
		if n, is := screen.TargetOf(At(fixture(), st, 120, 30, x, 0).Action); is {
			seen[n] = true
		}
	}
	if len(seen) != 2 || !seen[0] || !seen[1] {
		t.Errorf("clicks on the first line lead to %v", seen)
	}
}
