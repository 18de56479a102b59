from django.urls import URLPattern, path, re_path

from toadlane.plumbing.files import views

app_name = "files"
_pictures = [re_path(r"^(?P<key>[0-9a-f]{64})/(?P<width>[0-9]{1,4})\.(?P<name>avif|webp)$", views.picture, name="picture")]
# Pages of a co-op, and pages of the server: on a co-op's own host its files are asked for there.
urlpatterns: list[URLPattern] = [*_pictures, path("documents/<int:pk>/", views.document, name="document")]
server: list[URLPattern] = [*urlpatterns]
