package table

import (
	"testing"
	"time"
)

func TestTheStateOfANodeFollowsBEP5(t *testing.T) {
	ago := func(d time.Duration) time.Time { return start.Add(-d) }
	for name, c := range map[string]struct {
		node Node
		want NodeState
	}{
		"replied just now":                          {Node{LastReply: start}, Good},
		"replied 14:59 ago":                         {Node{LastReply: ago(GoodFor - time.Second)}, Good},
		"replied 15:00 ago":                         {Node{LastReply: ago(GoodFor)}, Questionable},
		"replied long ago and queried us just now":  {Node{LastReply: ago(24 * time.Hour), LastQuery: start}, Good},
		"replied long ago and queried us 15:00 ago": {Node{LastReply: ago(24 * time.Hour), LastQuery: ago(GoodFor)}, Questionable},
		"never replied and queried us just now":     {Node{LastQuery: start}, Questionable},
		"never seen":                                {Node{}, Questionable},
		"failed once after an answer":               {Node{LastReply: start, Fails: 1}, Good},
		"failed twice after an answer":              {Node{LastReply: start, Fails: MaxFails}, Bad},
		"failed twice and queried us just now":      {Node{LastReply: start, LastQuery: start, Fails: MaxFails}, Bad},
		"failed often and never seen":               {Node{Fails: 100}, Bad},
		"replied in the future of a wrong clock":    {Node{LastReply: ago(-time.Hour)}, Good},
		"failed once and replied 15:00 ago":         {Node{LastReply: ago(GoodFor), Fails: 1}, Questionable},
	} {
		if got := c.node.State(start); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestTheRTTIsSmoothedAndTheLastKnownClientKept(t *testing.T) {
	var n Node
	for _, r := range []struct {
		rtt    time.Duration
		client string
		want   time.Duration
		name   string
	}{
		{80 * time.Millisecond, "libtorrent 2.0.8", 80 * time.Millisecond, "libtorrent 2.0.8"},
		{160 * time.Millisecond, "", 90 * time.Millisecond, "libtorrent 2.0.8"},
		{10 * time.Millisecond, "dhtop 0.1", 80 * time.Millisecond, "dhtop 0.1"},
	} {
		n.Fails, n.LastAsked = 1, start
		n.replied(r.rtt, r.client, start)
		if n.RTT != r.want || n.Client != r.name || n.Fails != 0 || !n.LastAsked.IsZero() || n.LastReply != start {
			t.Errorf("after %s: %+v", r.rtt, n)
		}
	}
}
