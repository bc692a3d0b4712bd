// Package settings has the flags that commands share: what there are, their defaults, and what their values mean.
//
// A setting is a row of one of the tables in table.go, or in the file of its subject, and a function beside it that
// checks its value. A command of ui/cli calls Define with the tables that it has, and Read once it runs, which returns the
// values of all as Settings; package config finds them. The help, the manual page, the README's table and the default
// configuration file are made from the tables.
package settings

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

// Settings are the values of the flags that commands share, from whatever source.
type Settings struct {
	Explorer  dhtcore.Config
	DataGiven bool         // --data was passed on the command line
	Demo      bool         // --demo
	Network   dhtcore.Demo // of --demo
	Lab       bool
	Headless  bool
	HTTP      *api.Config // nil for no HTTP API
	httpHosts []string
	Tracker   dhtcore.TrackerConfig
	Crawl     bool          // of serve
	logs      LogOptions    // of serve, but for what other commands have too: see Logging
	For       time.Duration // --for
	LogLevel  LogLevel
	Timing    Timing
	Form      report.Form
	Output    string // file
	NoSandbox bool
	Watch     dhtcore.WatchConfig
	NoColor   bool
	ASCII     bool
	Graphs    string
	Theme     string
}

// complete derives what depends on several settings.
func (s *Settings) complete(f *pflag.FlagSet) error {
	c := &s.Explorer
	if c.PublicIP.IsValid() && c.ReadOnly {
		return errors.New("--read-only and --public-ip contradict each other: pass one of them")
	}
	if !s.Demo && len(s.Network.Faults) > 0 {
		return errors.New("--fault is for the embedded network: pass --demo too, or use 'dhtop demo'")
	}
	if s.Demo {
		c.PortMap, c.BindDevice = false, "" // all of it is on loopback
		if s.Network.Nodes < 1 || s.Network.Nodes > dhtcore.MaxDemoNodes {
			return fmt.Errorf("--demo-nodes %d: want 1 to %d", s.Network.Nodes, dhtcore.MaxDemoNodes)
		}
		network := s.Network
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
		s.DataGiven = source == "flag"
	}
	if err := s.place(); err != nil {
		return err
	}
	if o := &s.Form; o.JSON && o.NDJSON || o.JSON && o.CSV || o.NDJSON && o.CSV {
		return errors.New("--json, --ndjson and --csv: pass one of them")
	}
	if s.logs.Quiet && s.Form.NDJSON {
		return errors.New("--quiet and --ndjson contradict each other: pass one of them")
	}
	if s.Tracker.HTTP != "" || s.Tracker.UDP != "" {
		c.Tracker = &s.Tracker
	} else if s.Tracker.Bridge {
		return errors.New("--tracker-bridge is for a tracker: pass --tracker-http or --tracker-udp too")
	} else if c.TrackerAllow != "" || c.TrackerDeny != "" {
		return errors.New("--tracker-allow and --tracker-deny are for a tracker: pass --tracker-http or --tracker-udp too")
	} else if c.TrackerImport != "" {
		return errors.New("--tracker-import is for a tracker: pass --tracker-http or --tracker-udp too")
	}
	c.Record.Mask = s.Form.MaskAddrs
	c.Guest = f.Lookup("warm") != nil // a search is short and works beside a running dhtop
	if s.HTTP != nil {
		s.HTTP.Names, s.HTTP.DataDir, s.HTTP.Mask = s.httpHosts, c.DataDir, s.Form.MaskAddrs
	}
	return nil
}

// liftLimits gives the demo its own limits, where nobody set one.
func (s *Settings) liftLimits(f *pflag.FlagSet) {
	l, demo := &s.Explorer.Limits, dhtcore.DemoLimits()
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
func (s *Settings) place() (err error) {
	c := &s.Explorer
	if c.DataDir == "" && !s.Demo {
		if c.DataDir, err = DefaultDataDir(); err != nil {
			return err
		}
	}
	if c.Store == "" && !s.Demo {
		c.Store = "sqlite:" + filepath.Join(c.DataDir, "dhtop.db")
	}
	return nil
}

func DefaultDataDir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "dhtop"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no home directory for the data (%w): pass --data DIR", err)
	}
	return filepath.Join(home, ".local", "state", "dhtop"), nil
}
