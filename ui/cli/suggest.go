package cli

import (
	"fmt"

	"dhtop/dhtcore/human"
)

// didYouMean is the end of an error about an unknown name: the nearest right one, or otherwise.
func didYouMean(name string, names []string, otherwise string) string {
	if near := human.Nearest(name, names); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	return otherwise
}
