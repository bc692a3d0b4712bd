package cli

import (
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestTheCostOfALongListComesWithARemedy(t *testing.T) {
	for want, c := range map[string]struct {
		limits dhtcore.Limits
		totals dhtcore.RepublishTotals
	}{
		"10,000 hashes take 445 packets a second and 24,000 new addresses a minute to be renewed every 15 m. As it is, it takes 6 h, " +
			"and nodes forget them after 30 m: raise --rate and --rate-new, or keep fewer": {
			dhtcore.Limits{Packets: 150, New: 1000}, dhtcore.RepublishTotals{Entries: 10_000, NeedsRate: 444.4, NeedsHosts: 23_999.7, Round: 6*time.Hour + time.Second}},
		"500 hashes take 20 packets a second and 900 new addresses a minute to be renewed every 15 m. As it is, it takes 20 m: raise --parallel, or keep fewer": {
			dhtcore.Limits{Packets: 150, New: 1000}, dhtcore.RepublishTotals{Entries: 500, NeedsRate: 20, NeedsHosts: 900, Round: 20 * time.Minute}},
		"500 hashes take 200 packets a second and 900 new addresses a minute to be renewed every 15 m. As it is, it takes 20 m: raise --rate, or keep fewer": {
			dhtcore.Limits{Packets: 150}, dhtcore.RepublishTotals{Entries: 500, NeedsRate: 200, NeedsHosts: 900, Round: 20 * time.Minute}},
	} {
		s := stayer{kind: stayPeers, cfg: dhtcore.RepublisherConfig{Every: dhtcore.AnnounceEvery}, limits: c.limits}
		if got := s.cost(&c.totals); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}
