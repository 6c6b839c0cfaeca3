"""Schedules written as code of a framework, proved equal before they are handed out."""
