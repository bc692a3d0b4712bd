package dhtcore

import (
	"context"
	"net"

	"dhtop/dhtcore/clocks"
	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/scrape"
	"dhtop/dhtcore/snapshot"
)

// The types of the tracker client under the name of its package.
type (
	ScrapeClient  = scrape.Client
	ScrapeResult  = scrape.Result
	ScrapeSwarm   = scrape.Swarm
	ScrapeRank    = scrape.Rank
	ScrapeRanking = scrape.Ranking
)

// UnknownCount is a count that a tracker has not told.
const UnknownCount = scrape.Unknown

// OpenScrapeClient opens a client of trackers that reaches them from the addresses of a configuration. That of a demo
// leaves all but loopback alone. The caller closes it.
func OpenScrapeClient(cfg *Config) (*ScrapeClient, error) { return openScrapeClient(cfg, nil) }

// openScrapeClient is OpenScrapeClient for the Explorer, which reads the clocks of trackers by the way.
func openScrapeClient(cfg *Config, c *clocks.Clocks) (*ScrapeClient, error) {
	device, err := netbind.New(cfg.BindDevice)
	if err != nil {
		return nil, err
	}
	return scrape.New(scrape.Config{Bind: cfg.Bind, NoIPv6: cfg.NoIPv6, LoopbackOnly: cfg.Demo != nil, Device: device, Around: c.Around(snapshot.ClockOfTracker)})
}

// DialBy returns what opens connections by a network interface alone, "" for any, as --bind-device means it. What listens
// on loopback is reached without the interface.
func DialBy(device string) (func(ctx context.Context, network, addr string) (net.Conn, error), error) {
	d, err := netbind.New(device)
	if err != nil {
		return nil, err
	}
	return d.Dialer().DialContext, nil
}

// IsTracker reports whether s is meant as the announce URL of a tracker.
func IsTracker(s string) bool { return scrape.IsURL(s) }

// CheckTracker returns what is wrong with the announce URL of a tracker, nil for nothing.
func CheckTracker(s string) error { return scrape.CheckURL(s) }
