// Package events draws the log of what happens, newest first.
package events
