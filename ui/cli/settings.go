package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"dhtop/dhtcore"
	"dhtop/ui/api"
	"dhtop/ui/cli/config"
	"dhtop/views/report"
)

// settings are the values of the flags that commands share, from whatever source.
type settings struct {
	explorer  dhtcore.Config
	dataGiven bool         // --data was passed on the command line
	demo      bool         // --demo
	network   dhtcore.Demo // of --demo
	lab       bool
	headless  bool
	http      *api.Config // nil for no HTTP API
	httpHosts []string
	tracker   dhtcore.TrackerConfig
	crawl     bool          // of serve
	logs      logOptions    // of serve, but for what other commands have too: see logging
	limit     time.Duration // --for
	log       logLevel
	timing    timing
	form      report.Form
	output    string // file
	noSandbox bool
	watch     dhtcore.WatchConfig
	noColor   bool
	ascii     bool
	graphs    string
	theme     string
}

// complete derives what depends on several settings.
func (s *settings) complete(f *pflag.FlagSet) error {
	c := &s.explorer
	if c.PublicIP.IsValid() && c.ReadOnly {
		return errors.New("--read-only and --public-ip contradict each other: pass one of them")
	}
	if !s.demo && len(s.network.Faults) > 0 {
		return errors.New("--fault is for the embedded network: pass --demo too, or use 'dhtop demo'")
	}
	if s.demo {
		c.PortMap, c.BindDevice = false, "" // all of it is on loopback
		if s.network.Nodes < 1 || s.network.Nodes > dhtcore.MaxDemoNodes {
			return fmt.Errorf("--demo-nodes %d: want 1 to %d", s.network.Nodes, dhtcore.MaxDemoNodes)
		}
		network := s.network
		if network.Scenario != nil && !f.Changed("demo-nodes") {
			network.Nodes = network.Scenario.Nodes
		}
		c.Demo = &network
		if !f.Changed("port") {
			c.Port = 0 // the well-known port is for the real network
		}
		s.liftLimits(f)
	}
	if c.Limits.Inbound == 0 && !f.Changed("inbound-bytes") {
		c.Limits.InboundBytes = 0 // lifting the limit on replies lifts that on their bytes
	}
	if data := f.Lookup("data"); data != nil {
		source, _ := config.Source(data)
		s.dataGiven = source == "flag"
	}
	if err := s.place(); err != nil {
		return err
	}
	if o := &s.form; o.JSON && o.NDJSON || o.JSON && o.CSV || o.NDJSON && o.CSV {
		return errors.New("--json, --ndjson and --csv: pass one of them")
	}
	if s.logs.quiet && s.form.NDJSON {
		return errors.New("--quiet and --ndjson contradict each other: pass one of them")
	}
	if s.tracker.HTTP != "" || s.tracker.UDP != "" {
		c.Tracker = &s.tracker
	} else if s.tracker.Bridge {
		return errors.New("--tracker-bridge is for a tracker: pass --tracker-http or --tracker-udp too")
	} else if c.TrackerAllow != "" || c.TrackerDeny != "" {
		return errors.New("--tracker-allow and --tracker-deny are for a tracker: pass --tracker-http or --tracker-udp too")
	} else if c.TrackerImport != "" {
		return errors.New("--tracker-import is for a tracker: pass --tracker-http or --tracker-udp too")
	}
	c.Record.Mask = s.form.MaskAddrs
	c.Guest = f.Lookup("warm") != nil // a search is short and works beside a running dhtop
	if s.http != nil {
		s.http.Names, s.http.DataDir, s.http.Mask = s.httpHosts, c.DataDir, s.form.MaskAddrs
	}
	return nil
}

// liftLimits gives the demo its own limits, where nobody set one.
func (s *settings) liftLimits(f *pflag.FlagSet) {
	l, demo := &s.explorer.Limits, dhtcore.DemoLimits()
	for name, limit := range map[string]struct {
		of   *float64
		demo float64
	}{
		"rate":           {&l.Packets, demo.Packets},
		"rate-bytes":     {&l.Bytes, demo.Bytes},
		"rate-new":       {&l.New, demo.New},
		"inbound-bytes":  {&l.InboundBytes, demo.InboundBytes},
		"inbound-per-ip": {&l.InboundPerSource, demo.InboundPerSource},
	} {
		if !f.Changed(name) {
			*limit.of = limit.demo
		}
	}
}

// place says where the routing table and the counts are kept. The demo keeps nothing unless told where.
func (s *settings) place() (err error) {
	c := &s.explorer
	if c.DataDir == "" && !s.demo {
		if c.DataDir, err = defaultDataDir(); err != nil {
			return err
		}
	}
	if c.Store == "" && !s.demo {
		c.Store = "sqlite:" + filepath.Join(c.DataDir, "dhtop.db")
	}
	return nil
}

func defaultDataDir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "dhtop"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no home directory for the data (%w): pass --data DIR", err)
	}
	return filepath.Join(home, ".local", "state", "dhtop"), nil
}
