package human

import (
	"testing"
	"time"
)

func TestLongTimesHaveTwoUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{9 * time.Second: "9 s", 12 * time.Minute: "12 m", 3*time.Hour + 10*time.Minute: "3 h 10 m",
		47*time.Hour + 59*time.Minute: "47 h 59 m", 50 * time.Hour: "2 d 2 h", 0: "now"} {
		if got := string(AppendLong(nil, d)); got != want {
			t.Errorf("%s is written %q, want %q", d, got, want)
		}
	}
}
