package settings

import (
	"errors"
	"time"
)

// Timing is how long a command prepares and searches.
type Timing struct{ Warm, Timeout time.Duration }

func (s *Settings) setWarm(d time.Duration) error {
	if d < 0 {
		return errDurations
	}
	s.Timing.Warm = d
	return nil
}

func (s *Settings) setTimeout(d time.Duration) error {
	if d <= 0 {
		return errDurations
	}
	s.Timing.Timeout = d
	return nil
}

var errDurations = errors.New("--warm and --timeout: want a positive duration, such as 10s")
