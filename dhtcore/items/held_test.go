package items

import (
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestHeldSaysWhatIsKeptAndWhatExpires(t *testing.T) {
	s := New(Config{MaxEach: 2, MaxItems: 3})
	start := time.Now()
	put := func(value, from string, at time.Time) {
		s.Put(&wire.Item{Value: []byte(value)}, netip.MustParseAddr(from), at) //nolint:errcheck // one is refused
	}
	put("1:a", "203.0.113.1", start)
	put("1:b", "203.0.113.1", start.Add(90*time.Minute))
	put("1:c", "203.0.113.1", start.Add(90*time.Minute)) // beyond its share
	now := start.Add(2*time.Hour - 30*time.Second)
	h := s.Held(now)
	if h.Items != 2 || h.Mutable != 0 || h.OverShare != 1 || h.Bytes < 2*overhead {
		t.Errorf("%+v", h)
	}
	if h.Expiring != [len(ExpireSteps)]int{1, 1, 1, 1} { // b has 90.5 minutes left
		t.Errorf("expiring: %v", h.Expiring)
	}
	put("1:d", "203.0.113.2", now)
	put("1:e", "203.0.113.3", now)
	if h := s.Held(now); h.Items != 3 || h.PushedOut != 1 {
		t.Errorf("%+v", h)
	}
}
