package tracker

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestARunningTrackerIsTuned(t *testing.T) {
	tr := run(t, Config{})
	c := dial(t, tr.HTTPAddr())
	taken := func() bool {
		_, body := c.get(announceURL(hashA, peerA, 7, "compact", ""))
		return strings.Contains(body, "interval")
	}
	if !taken() {
		t.Fatal("an announce is refused")
	}
	tr.Tune(Tuning{Require: RequireCompact, MaxRate: 7})
	if taken() {
		t.Error("an announce of another form than is required now is taken")
	}
	if s := tr.Stats(time.Now()); s.MaxRate != 7 {
		t.Errorf("the rate is %v", s.MaxRate)
	}
	tr.Tune(Tuning{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if _, body := c.get(announceURL(hashA, peerA, 7), "X-Real-IP: 8.8.4.4"); !strings.Contains(body, "ip4:\x08\x08\x04\x04") {
		t.Errorf("the proxy is not believed: %q", body)
	}
	if s := tr.Stats(time.Now()); s.MaxRate != DefaultMaxRate {
		t.Errorf("the rate is %v, not the default", s.MaxRate)
	}
}
