package lookup

import (
	"math"
	"testing"
)

func TestARoundThatThereCannotBeTakesNoMemory(t *testing.T) {
	s := State{Steps: []Step{{Round: 1}, {Round: math.MaxInt}, {Round: math.MinInt}}}
	if n := len(s.Rounds()); n != 3 {
		t.Errorf("%d rounds of 3 steps", n)
	}
}
