package cli

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/console"
)

// capturesOf are the paths of a replay, of which some may be captures. They are to be turned into recordings.
type capturesOf struct {
	paths []string
	ours  netip.AddrPort // the node that the captures are of, as parseSelf reads it

	says atomic.Pointer[string] // how far the import is; nil for nothing to say
	mu   sync.Mutex             // guards dir, and is held while captures are read
	dir  string                 // has the recordings; "" for none
}

// newCapturesOf checks --self.
func newCapturesOf(paths []string, self string) (*capturesOf, error) {
	ours, err := parseSelf(self)
	if err == nil && self != "" && !slices.ContainsFunc(paths, dhtcore.IsCaptureFile) {
		err = fmt.Errorf("--self %s: it is of captures, and none is named", self)
	}
	return &capturesOf{paths: paths, ours: ours}, err
}

// recordings returns the paths with recordings in place of the captures, which it reads: that may take long.
func (c *capturesOf) recordings(ctx context.Context) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	all := slices.Clone(c.paths)
	for i, path := range all {
		if !dhtcore.IsCaptureFile(path) {
			continue
		}
		if err := c.makeDir(); err != nil {
			return nil, err
		}
		all[i] = filepath.Join(c.dir, strconv.Itoa(i)+".dhtrec")
		if _, err := dhtcore.ImportCapture(ctx, path, all[i], c.ours, func(p dhtcore.CaptureProgress) { c.say(path, p) }); err != nil {
			return nil, err
		}
	}
	c.says.Store(nil)
	return all, nil
}

// makeDir makes the directory of the recordings, once.
func (c *capturesOf) makeDir() (err error) {
	if c.dir != "" {
		return nil
	}
	if c.dir, err = os.MkdirTemp("", "dhtop-capture-"); err != nil {
		return fmt.Errorf("there is no room for what is in the capture: %w: set TMPDIR to another directory", human.Cause(err))
	}
	return nil
}

// remove waits until nothing is read any more, so the context of recordings must have ended, and removes the recordings.
func (c *capturesOf) remove() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dir != "" {
		os.RemoveAll(c.dir) //nolint:errcheck // the system cleans up
	}
}

// say notes how far the reading of a capture is.
func (c *capturesOf) say(path string, p dhtcore.CaptureProgress) {
	does := "looking for the node"
	if p.Again {
		does = "reading the packets"
	}
	says := fmt.Sprintf("%s: %s of %s of %s", does, human.Bytes(p.Read), human.Bytes(p.Size), filepath.Base(path))
	c.says.Store(&says)
}

// progress says how far the import is, "" for nothing to say.
func (c *capturesOf) progress() string {
	if says := c.says.Load(); says != nil {
		return *says
	}
	return ""
}

// printed turns the captures into recordings without a screen, and says how far it is on a terminal.
func (c *capturesOf) printed(ctx context.Context, std console.Streams) ([]string, error) {
	p := console.ShowProgress(std, console.NewOutput(std.Out), c.progress)
	defer p.Stop()
	return c.recordings(ctx)
}

// parseSelf reads the address of --self, whose port is 0 where it is left out; the zero value for "".
func parseSelf(s string) (netip.AddrPort, error) {
	if s == "" {
		return netip.AddrPort{}, nil
	}
	if addr, err := netip.ParseAddrPort(s); err == nil {
		return addr, nil
	}
	ip, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("--self %q: want an IP address, or one with a port: 192.168.1.5:6881", s)
	}
	return netip.AddrPortFrom(ip, 0), nil
}
