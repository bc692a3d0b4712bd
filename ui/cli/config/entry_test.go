package config

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// TOML writes it "\u0000"; no path or address has one, and systems say odd things of it.
func TestNoSettingHasANULCharacter(t *testing.T) {
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.String("data", "", "")
	f.StringSlice("bind", nil, "")
	for name, value := range map[string]any{"data": "a\x00b", "bind": []any{"127.0.0.1", "::\x00"}} {
		err := entry{value, "config.toml:3"}.set(f.Lookup(name))
		if err == nil || !strings.Contains(err.Error(), "config.toml:3: "+name+" has a NUL character: leave it out") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
