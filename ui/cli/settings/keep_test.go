package settings

import (
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestKeepTakesASizeAnAgeOrBoth(t *testing.T) {
	for text, want := range map[string]dhtcore.Keep{
		defaultKeep: {Bytes: dhtcore.DefaultKeep},
		"30d":       {Age: 30 * 24 * time.Hour},
		"1.5 GiB":   {Bytes: 3 << 29},
		"500mb,2w":  {Bytes: 500e6, Age: 14 * 24 * time.Hour},
		"12h,2T":    {Bytes: 2e12, Age: 12 * time.Hour},
		"all":       {},
		"0":         {},
	} {
		var s Settings
		if err := s.setKeep(strings.Split(text, ",")); err != nil || s.Explorer.Keep != want {
			t.Errorf("--keep %s: %+v, %v; want %+v", text, s.Explorer.Keep, err, want)
		}
	}
	for _, text := range []string{"", "2", "x", "-2GB", "2GB,3GB", "30d,all", "1MB", "NaNGB", "1e300TB", "3 months"} {
		var s Settings
		if err := s.setKeep(strings.Split(text, ",")); err == nil || !strings.Contains(err.Error(), "--keep") {
			t.Errorf("--keep %q: %v; want a refusal", text, err)
		}
	}
}
