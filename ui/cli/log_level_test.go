package cli

import (
	"bytes"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
)

func TestTheLogLevelBoundsStderrAndOpensThePlainLog(t *testing.T) {
	for level, want := range map[string]struct{ serving, warning bool }{
		"debug": {true, true}, "info": {true, true}, "warning": {false, true}, "WARN": {false, true}, "error": {false, false},
	} {
		code, out, errs := dhtop(t, "", "serve", "--bind", "127.0.0.1", "--port", "0", "--no-ipv6", "--bootstrap", "none",
			"--http", "none", "--store", "none", "--for", "100ms", "--log-level", level)
		if code != exit.Done || strings.Contains(errs, "serving as") != want.serving || strings.Contains(out, "No bootstrap hosts") != want.warning {
			t.Errorf("serve at %s: %d, %s, %s", level, code, out, errs)
		}
		code, _, errs = dhtop(t, "", "crawl", "--bind", "127.0.0.1", "--port", "0", "--no-ipv6", "--bootstrap", "none",
			"--store", "none", "--for", "100ms", "--log-level", level)
		if code != exit.Nothing || strings.Contains(errs, "dhtop: No bootstrap hosts") != want.warning {
			t.Errorf("crawl at %s: %d, %s", level, code, errs)
		}
	}
	for _, e := range []dhtcore.Event{{Kind: dhtcore.Discovered}, {Kind: dhtcore.LookupStep}, {Kind: dhtcore.Announced}} {
		for level, want := range map[settings.LogLevel]bool{settings.LogInfo: e.Kind == dhtcore.Announced, settings.LogDebug: true} {
			var to bytes.Buffer
			out := console.NewOutput(&to)
			if err := newServeLog(out, nil, settings.LogOptions{Level: level}).event(&e); err != nil {
				t.Fatal(err)
			}
			out.Flush() //nolint:errcheck // to a buffer
			if got := to.Len() > 0; got != want {
				t.Errorf("%s at %s is printed: %v", e.Kind, level, got)
			}
		}
	}
}
